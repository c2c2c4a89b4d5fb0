/** What others than session-bench did with the processors of the machine, and what a run gave for that. */
import { z } from 'zod';
import { addedLater } from './added-later.ts';
import type { ReasonCode } from './reasons.ts';

/** In cores: 1 is one core's whole time. */
const cores = z.number().min(0);

/** Who used the processors, beside what the run has started. */
export const loudUser = z.discriminatedUnion('kind', [
  /** `name` as the system has it, of at most 15 characters; the time of its children that ended is in it. */
  z.strictObject({ kind: z.literal('process'), name: z.string(), pid: z.int().min(1), cores }),
  /** Processes that this user may not see, or outside of the container that session-bench is in. */
  z.strictObject({ kind: z.literal('unseen'), cores }),
  /** Other machines of the same host. */
  z.strictObject({ kind: z.literal('hypervisor'), cores }),
]);
export type LoudUser = Readonly<z.infer<typeof loudUser>>;

/** Of a trial. */
export const trialNoise = z.strictObject({
  /** How long the trial was put off because the machine was not quiet. */
  waitedSeconds: z.number().min(0),
  /** Who was the loudest meanwhile; empty where it was not put off. */
  waitedFor: z.array(loudUser),
  /** Who was loud in the measured phase, the loudest first; empty where that is not known, or nobody was. */
  loud: z.array(loudUser),
});
export type TrialNoise = Readonly<z.infer<typeof trialNoise>>;

/** Of a run. All in seconds. */
export const runPatience = z.strictObject({
  /** What waiting and repeating may take together. */
  allowedSeconds: z.number().min(0),
  waitedSeconds: z.number().min(0),
  /** Who was the loudest before trials and bursts that were put off. */
  waitedFor: addedLater(z.array(loudUser), []),
  /** Trials that were measured again. */
  repeats: z.int().min(0),
  repeatedSeconds: z.number().min(0),
});
export type RunPatience = z.infer<typeof runPatience>;

/** What the machine did to a trial. */
const ofMachine: readonly ReasonCode[] = ['host-steal', 'host-busy'];
/** The machine stood still, with all that was driven on it. */
export const standstillCode: ReasonCode = 'machine-stood-still';
/** Servers that stand still do not tell their counts either. */
const ofStandstill: readonly ReasonCode[] = [standstillCode, 'counts-unknown', 'counts-differ'];
/** What the generator did, for which the machine or the rate may be the cause. */
const ofGenerator: readonly ReasonCode[] = ['generator-late', 'generator-cpu', 'generator-dropped'];

/**
 * What the machine does in a moment, to all that is driven in it: of sides that are driven at the same time it makes the
 * ratio noisier and no other, and what is left of it is in the interval.
 */
export const metByBothSides: readonly ReasonCode[] = [...ofMachine, 'generator-late'];

interface Judged {
  readonly status: 'valid' | 'invalid';
  readonly reasons: readonly { readonly code: ReasonCode }[];
}

/**
 * `machine`, `generator`: nothing else made the trial invalid, so that it says nothing of the strategy's numbers, and
 * measuring it again does not choose among them. Null for every other trial.
 */
export function disturbanceOf({ status, reasons }: Judged): 'machine' | 'generator' | null {
  if (status === 'valid') return null;
  const codes = reasons.map(({ code }) => code);
  const machine = codes.includes(standstillCode) ? [...ofMachine, ...ofStandstill] : ofMachine;
  if (!codes.every((code) => machine.includes(code) || ofGenerator.includes(code))) return null;
  return codes.some((code) => machine.includes(code)) ? 'machine' : 'generator';
}

/** Of trials that were measured at the same time, where one that is invalid makes the others so. */
export function disturbanceTogether(trials: readonly Judged[]): ReturnType<typeof disturbanceOf> {
  const status = trials.some((trial) => trial.status === 'invalid') ? 'invalid' : 'valid';
  const reasons = trials.flatMap((trial) => trial.reasons);
  // The other side's own reasons say what it was.
  return disturbanceOf({ status, reasons: reasons.filter(({ code }) => code !== 'other-side-invalid') });
}

const nameOf = (user: LoudUser): string => {
  switch (user.kind) {
    case 'process':
      return `${user.name} (pid ${user.pid})`;
    case 'unseen':
      return 'processes that cannot be seen';
    case 'hypervisor':
      return 'other machines of this host';
  }
};

/** `apt-cache (pid 12222) 62 % of a core, cc1 (pid 7) 30 %`. */
export const loudWords = (users: readonly LoudUser[]): string =>
  users
    .map(
      (user, index) => `${nameOf(user)} ${Math.round(user.cores * 100)} %${index === 0 ? ' of a core' : ''}`,
    )
    .join(', ');

const keyOf = (user: LoudUser): string => (user.kind === 'process' ? `${user.pid} ${user.name}` : user.kind);

/** So many are kept, and told. */
export const MOST_NAMES = 3;

/** Each once, as loud as it ever was, the loudest first. */
export function loudest(users: readonly LoudUser[]): LoudUser[] {
  const known = new Map<string, LoudUser>();
  for (const user of users) {
    const before = known.get(keyOf(user));
    if (!before || before.cores < user.cores) known.set(keyOf(user), user);
  }
  return [...known.values()].sort((a, b) => b.cores - a.cores).slice(0, MOST_NAMES);
}
