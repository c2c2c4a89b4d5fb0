/** One trial with a fault: the same load goes on before, during and after it, and then every session is read once more. */
import path from 'node:path';
import { messageOf } from '../../infra/machine/errors.ts';
import type { UnexpectedExit } from '../../infra/runtimes/runtime.ts';
import type { EngineResult } from '../../record/engine.ts';
import type { TrialFault } from '../../record/faults.ts';
import type { AppRequestsAround } from '../../record/scaling.ts';
import type { TrialRecord } from '../../record/trial.ts';
import type { RunContext } from '../context.ts';
import { failureOf, loadEnvironment, type Part, PhaseClock, prepare, readEngineResult } from '../load.ts';
import type { Setting } from '../plan.ts';
import { Stopwatch } from '../stopwatch.ts';
import { headOf, measurementsOf } from '../trial.ts';
import { AppCounts } from './app-counts.ts';
import type { Fault } from './fault.ts';
import { FaultStory, type Told } from './story.ts';
import { judgedFault } from './validity.ts';

type FaultContext = Pick<RunContext, 'runtime' | 'placement' | 'machine' | 'progress' | 'signal' | 'limits'>;

/** Generator and servers are metered over the same time only where none of them ends: nothing is metered here. */
const notMetered = { readings: null } as const;

/**
 * Measures a deployment that is used for nothing else afterwards.
 * @returns a record in every case but a fault of session-bench itself; an invalid trial is a record too
 */
export async function runFaultTrial(
  part: Part,
  fault: Fault,
  setting: Setting,
  context: FaultContext,
): Promise<TrialRecord> {
  const { deployment, folder, spec } = part;
  const watch = new Stopwatch();
  const head = headOf(spec, deployment.strategy.name);
  const ready = await prepare(deployment, watch);
  const load =
    ready.status === 'ready' ? await offer({ ...part, watch }, fault, setting, context) : notOffered;
  await deployment.saveLogs(path.join(folder, 'logs')).catch(() => {});
  const engine = await readEngineResult(folder);
  const measured = {
    ...head,
    ...measurementsOf({ engine, load: notMetered, spec }, [], () => false),
    strain: null,
    fault: trialFault(fault, load, spec.measureSeconds, engine),
  };
  const { status, reasons, warnings } = judgedFault(
    {
      ...measured,
      engine,
      notReady: ready.status === 'failed' ? ready.why : null,
      generatorFailure: load.failure,
      exitsBefore: load.exits.before,
      interrupted: context.signal.aborted,
    },
    context.limits,
  );
  return { ...measured, status, reasons, warnings, timings: watch.timings };
}

interface Offered {
  /** How the generator failed; null where it did not. */
  readonly failure: string | null;
  readonly told: Told;
  readonly appRequests: AppRequestsAround | null;
  /** Servers that ended though nobody meant them to, before the fault began and since. */
  readonly exits: { readonly before: readonly UnexpectedExit[]; readonly since: readonly UnexpectedExit[] };
}

const notOffered: Offered = {
  failure: null,
  told: { servers: [], course: { status: 'not-begun' } },
  appRequests: null,
  exits: { before: [], since: [] },
};

/** The sweep waits for the fault to be over: the generator begins it when its last barrier is passed. */
async function offer(
  part: Part & { readonly watch: Stopwatch },
  fault: Fault,
  setting: Setting,
  { runtime, placement, machine, progress, signal }: FaultContext,
): Promise<Offered> {
  const { deployment, folder, watch } = part;
  const ending = new AbortController();
  const counts = new AppCounts(deployment);
  const story = new FaultStory(
    fault,
    { deployment },
    { machine, counts },
    AbortSignal.any([signal, ending.signal]),
  );
  const phases = new PhaseClock(watch);
  const exits = new ExitsInTime(() => deployment.unexpectedExits(), story);
  let failure: string | null = null;
  try {
    const outcome = await runtime.generate(deployment, {
      script: setting.script,
      env: { ...loadEnvironment(part, setting), SESSION_SWEEP: '1' },
      outputFolder: folder,
      placement,
      signal,
      async onEvent(event) {
        exits.look();
        if (event.type === 'second') progress.second(event);
        if (event.type === 'phase') phases.enter(event.phase);
        if (event.type === 'phase' && event.phase === 'measure') story.begin();
        if (event.type !== 'barrier' || event.name !== 'after-measure') return;
        const interrupted = phases.enter('recover');
        await counts.look('measured');
        await story.end();
        phases.enter(interrupted);
      },
    });
    failure = failureOf(outcome);
  } catch (error) {
    failure = messageOf(error);
  } finally {
    phases.enter('done');
    ending.abort();
  }
  const told = await story.end();
  return { failure, told, appRequests: counts.around, exits: exits.sorted() };
}

/** Tells servers that ended before the fault began from those that ended since. */
class ExitsInTime {
  readonly #exits: () => readonly UnexpectedExit[];
  readonly #story: Pick<FaultStory, 'hasBegun'>;
  #before = 0;

  constructor(exits: () => readonly UnexpectedExit[], story: Pick<FaultStory, 'hasBegun'>) {
    this.#exits = exits;
    this.#story = story;
  }

  look(): void {
    if (!this.#story.hasBegun) this.#before = this.#exits().length;
  }

  sorted(): Offered['exits'] {
    this.look();
    const all = this.#exits();
    return { before: all.slice(0, this.#before), since: all.slice(this.#before) };
  }
}

function trialFault(
  { name }: Fault,
  { told, exits, appRequests }: Offered,
  plannedSeconds: number,
  engine: EngineResult | null,
): TrialFault {
  const { servers, course } = told;
  const operations = engine?.phases.sweep?.operations;
  return {
    name,
    plannedSeconds,
    servers: [...servers],
    course,
    sweep: engine?.swept && operations ? { ...engine.swept, operations } : null,
    losses: engine?.losses ?? null,
    gaps: engine?.gaps ?? null,
    deaths: exits.since.map(({ service, cause }) => `${service}: ${cause}`),
    appRequests,
  };
}
