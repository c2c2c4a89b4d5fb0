/** Offers load to deployments, one or several at the same time: thaw, clear, seed, warm up, measure, meter. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../infra/machine/errors.ts';
import type {
  ClearedBy,
  Deployment,
  GeneratorEvent,
  GeneratorOutcome,
  Member,
} from '../infra/runtimes/runtime.ts';
import { type EngineResult, engineResult } from '../record/engine.ts';
import { withLog } from '../record/log-lines.ts';
import type { Strain } from '../record/strain.ts';
import { strainBetween } from './causes.ts';
import type { RunContext } from './context.ts';
import { type Reading, readAfter, readBefore } from './meters.ts';
import { type Setting, trialSeed } from './plan.ts';
import type { Wait } from './quiet.ts';
import { Rendezvous } from './rendezvous.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface TrialSpec {
  /** From 1, in the order of measuring. */
  readonly number: number;
  readonly block: number;
  /** Operations per second. */
  readonly rate: number;
  readonly measureSeconds: number;
  /** How long after a phase's last intended start waiting operations are still sent; null: until all are. */
  readonly overtimeSeconds: number | null;
  /** For a quiet machine, before it began. */
  readonly wait: Wait;
  readonly population: TrialPopulation;
  /** Milliseconds by which each round trip between apps and servers takes longer, where proxies stand there; 0 when left out. */
  readonly addedMs?: number;
}

/** Who is there when the load begins. */
export type TrialPopulation =
  /** Nobody: the store is emptied, and the scenario's population logs in. */
  | { readonly kind: 'logs in' }
  /** Clients that have their sessions already, among others that are in the store and stay there. */
  | { readonly kind: 'is there'; readonly members: readonly Member[]; readonly payloadBytes: number };

export const logsIn: TrialPopulation = { kind: 'logs in' };

/** A deployment, and what is offered to it. */
export interface Part {
  readonly deployment: Deployment;
  readonly spec: TrialSpec;
  /** Of the trial: the generator writes its results there. */
  readonly folder: string;
}

/** A part, and how long its steps take. */
export interface TimedPart extends Part {
  readonly watch: Stopwatch;
}

export type LoadContext = Pick<RunContext, 'runtime' | 'placement' | 'machine' | 'progress' | 'signal'>;

/** What came of offering the load. */
export interface Load {
  /** How the sessions before were ended; null where they were not, or that failed. */
  readonly cleared: ClearedBy | null;
  /** The step before the load that failed, and how; null where all were done. */
  readonly notReady: string | null;
  /** How the generator failed; null where it did not. */
  readonly failure: string | null;
  /** Null where the store could not be emptied: nothing was sent. */
  readonly strain: Strain | null;
  /** Null where the generator did not get as far. */
  readonly readings: { readonly before: Reading; readonly after: Reading } | null;
}

/** What the script of the scenario is told through its environment. */
export const scriptEnvironment = (
  { workload, connections }: Setting,
  url: string,
  folder: string,
  seed: number,
): Record<string, string> => ({
  SESSION_TARGET: url,
  SESSION_SESSIONS: String(workload.sessions),
  SESSION_PAYLOAD: String(workload.payloadBytes),
  SESSION_CONNECTIONS: String(connections),
  SESSION_SEED: String(seed),
  SESSION_OUT: folder,
});

/** The same for a trial: its load and its length. */
export const loadEnvironment = (
  { deployment, folder, spec }: Part,
  setting: Setting,
): Record<string, string> => ({
  ...scriptEnvironment(setting, deployment.url, folder, trialSeed(setting, spec.block)),
  SESSION_RATE: String(spec.rate),
  SESSION_WARMUP: String(setting.warmupSeconds),
  SESSION_DURATION: String(spec.measureSeconds),
  ...(spec.overtimeSeconds !== null && { SESSION_OVERTIME: String(spec.overtimeSeconds) }),
});

/** How the generator failed; null when it did not. */
export const failureOf = (outcome: GeneratorOutcome): string | null =>
  outcome.status === 'failed' ? withLog(outcome.cause, outcome.lastLogLines) : null;

/** What the engine wrote into a folder; null where nothing can be read. */
export async function readEngineResult(folder: string): Promise<EngineResult | null> {
  try {
    return engineResult.parse(JSON.parse(await readFile(path.join(folder, 'engine.json'), 'utf8')));
  } catch {
    return null;
  }
}

/**
 * Drives all that can be made ready at the same time. They begin to be measured together, and their counters are read
 * when the last of them has been.
 * @returns one for each part, in their order
 */
export async function offerLoads<Each extends TimedPart>(
  parts: readonly Each[],
  setting: Setting,
  context: LoadContext,
): Promise<readonly (Each & { readonly load: Load })[]> {
  const prepared = await Promise.all(
    parts.map(async (part) => ({ part, ready: await prepare(part.deployment, part.watch, part.spec) })),
  );
  const ready = prepared.flatMap((each) => (each.ready.status === 'ready' ? [each.part] : []));
  const idle = prepared.filter((each) => each.ready.status === 'failed');
  // What is not driven takes no time from the others; what cannot be frozen is stopped when it is put to rest.
  if (ready.length > 0) await Promise.all(idle.map(({ part }) => part.deployment.freeze().catch(() => {})));
  const company = new Company(ready, context);
  return await Promise.all(
    prepared.map(async ({ part, ready: its }) => {
      if (its.status === 'failed') return { ...part, load: notOffered(its.why) };
      const offered = await generateLoad(part, company, setting, context).catch((error: unknown) => ({
        failure: messageOf(error),
        readings: null,
      }));
      const strain = strainBetween(its.strain, await part.deployment.strain());
      return { ...part, load: { ...offered, cleared: its.cleared, notReady: null, strain } };
    }),
  );
}

const notOffered = (why: string): Load => ({
  cleared: null,
  notReady: why,
  failure: null,
  strain: null,
  readings: null,
});

type Prepared =
  | { readonly status: 'ready'; readonly cleared: ClearedBy | null; readonly strain: Strain }
  /** `why`: the step that failed, and how. */
  | { readonly status: 'failed'; readonly why: string };

/**
 * Wakes it, and empties its store where sessions are not there already.
 * @param spec addedMs: to each round trip between apps and servers
 */
export async function prepare(
  deployment: Deployment,
  watch: Stopwatch,
  { addedMs = 0, population = logsIn }: Partial<Pick<TrialSpec, 'addedMs' | 'population'>> = {},
): Promise<Prepared> {
  const failed = (step: string, error: unknown): Prepared => ({
    status: 'failed',
    why: `${step}: ${messageOf(error)}`,
  });
  try {
    await watch.time('thaw', () => deployment.thaw());
  } catch (error) {
    return failed('the servers did not answer again', error);
  }
  try {
    await deployment.network?.slow(addedMs);
  } catch (error) {
    return failed('the network could not be set', error);
  }
  // Before the store is emptied, so that nobody asks the apps anything between then and the measured phase.
  const strain = await deployment.strain();
  if (population.kind === 'is there') return { status: 'ready', strain, cleared: null };
  try {
    return { status: 'ready', strain, cleared: await watch.time('clear', () => deployment.clear()) };
  } catch (error) {
    return failed('the store could not be emptied', error);
  }
}

async function generateLoad(
  part: TimedPart,
  company: Company,
  setting: Setting,
  { runtime, placement, progress, signal }: LoadContext,
): Promise<Pick<Load, 'failure' | 'readings'>> {
  const { deployment, folder, spec, watch } = part;
  const { population } = spec;
  const phases = new PhaseClock(watch);
  const members = path.join(folder, 'members.tsv');
  try {
    if (population.kind === 'is there') await writeMembers(members, population.members);
    const outcome = await runtime.generate(deployment, {
      script: setting.script,
      env: {
        ...loadEnvironment(part, setting),
        ...(population.kind === 'is there' && {
          SESSION_MEMBERS: members,
          SESSION_SESSIONS: String(population.members.length),
          SESSION_PAYLOAD: String(population.payloadBytes),
        }),
      },
      outputFolder: folder,
      placement,
      signal,
      async onEvent(event) {
        if (event.type === 'second' && company.speaks(part)) progress.second(event);
        if (event.type === 'phase') phases.enter(event.phase);
        if (event.type !== 'barrier') return;
        const interrupted = phases.enter('read counters');
        await company.read(event.name);
        phases.enter(interrupted);
      },
    });
    return { failure: failureOf(outcome), readings: company.readingsOf(part) };
  } finally {
    phases.enter('done');
    company.leave();
    // Whoever has it has the sessions.
    await rm(members, { force: true });
  }
}

const writeMembers = (file: string, members: readonly Member[]): Promise<void> =>
  writeFile(file, members.map(({ user, cookies }) => `${user}\t${cookies}\n`).join(''), { mode: 0o600 });

type Barrier = Extract<GeneratorEvent, { type: 'barrier' }>['name'];

/** Parts that are driven at the same time: whoever is there waits for the others at each barrier. */
class Company {
  readonly #parts: readonly Part[];
  readonly #context: LoadContext;
  readonly #rendezvous: Rendezvous;
  readonly #readings = new Map<Barrier, readonly Reading[]>();

  constructor(parts: readonly Part[], context: LoadContext) {
    this.#parts = parts;
    this.#context = context;
    this.#rendezvous = new Rendezvous(parts.length);
  }

  /** One tells the seconds of all: their rates are the same. */
  speaks(part: Part): boolean {
    return part === this.#parts[0];
  }

  /** Reads the counters of all once those that still run have come to the barrier. */
  async read(barrier: Barrier): Promise<void> {
    const deployments = this.#parts.map(({ deployment }) => deployment);
    const read = barrier === 'before-measure' ? readBefore : readAfter;
    await this.#rendezvous.meet(async () => {
      this.#readings.set(barrier, await read(deployments, this.#context.machine));
    });
  }

  leave(): void {
    this.#rendezvous.leave();
  }

  /** Null where not all barriers were reached. */
  readingsOf(part: Part): Load['readings'] {
    const at = this.#parts.indexOf(part);
    const before = this.#readings.get('before-measure')?.[at];
    const after = this.#readings.get('after-measure')?.[at];
    return before && after ? { before, after } : null;
  }
}

/** Gives the time since the last phase began to that phase. */
export class PhaseClock {
  readonly #watch: Stopwatch;
  #phase = 'start';
  #began = performance.now();

  constructor(watch: Stopwatch) {
    this.#watch = watch;
  }

  /** @returns the phase that was left */
  enter(next: string): string {
    const [left, now] = [this.#phase, performance.now()];
    this.#watch.add(left, now - this.#began);
    this.#phase = next;
    this.#began = now;
    return left;
  }
}
