/** What servers and stores said of their limits in a strategy's trials, to stand beside what was lost or refused. */
import { sumOf } from '../../record/common.ts';
import type { Reason, ReasonCode } from '../../record/reasons.ts';
import type { Facts } from '../facts/facts.ts';
import { counted } from '../words/format.ts';

/** What makes sessions disappear. */
export const losing: readonly ReasonCode[] = [
  'evictions',
  'expired-early',
  'sessions-expired',
  'heap-full',
  'cause-unknown',
];
/** What makes a store fail. */
export const refusing: readonly ReasonCode[] = [
  'memory-limit',
  'disk-full',
  'heap-full',
  'connections-refused',
  'entry-too-large',
  'deadlocks',
  'store-failed',
  'cause-unknown',
];

export interface Causes {
  /** A sentence with a blank before it; empty where nothing was told. */
  readonly text: string;
  /** Of the first cause; undefined where nothing was told. */
  readonly remedy: string | undefined;
}

/** @param codes those that can be behind what is told */
export function causesOf({ trials }: Facts, strategy: string, codes: readonly ReasonCode[]): Causes {
  const of = trials.filter((trial) => trial.strategy === strategy);
  const told = of.flatMap(({ reasons, warnings }) => [...reasons, ...warnings]);
  const causes = [...Map.groupBy(told, ({ code }) => code)].filter(([code]) => codes.includes(code));
  return {
    text:
      causes.length === 0
        ? ''
        : ` Behind that: ${causes.map(([, reasons]) => inWords(reasons, of.length)).join('; ')}.`,
    remedy: causes[0]?.[1][0]?.remedy,
  };
}

/** Whether a reason stands beside what was lost or refused already. */
export function isToldBeside({ strategies }: Facts, strategy: string, code: ReasonCode): boolean {
  const of = strategies.find(({ name }) => name === strategy);
  if (!of) return false;
  const beside = [
    ...((of.violations?.lost ?? 0) > 0 ? losing : []),
    ...(sumOf(of.errors) > 0 ? refusing : []),
  ];
  return beside.includes(code);
}

/** One reason for each trial that gave it. */
function inWords(reasons: readonly Reason[], trials: number): string {
  const message = (reasons[0]?.message ?? '').replace(/\.$/, '');
  const where = trials === 1 ? '' : ` (in ${reasons.length} of ${counted(trials, 'trial')}, here the first)`;
  return `${message}${where}`;
}
