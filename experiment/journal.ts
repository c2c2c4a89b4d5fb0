/** The record of a run while it grows: what was planned, on what, and how each strategy fared. */
import { onPaperOf } from '../infra/on-paper.ts';
import type { Deployment, Lack, Placement } from '../infra/runtimes/runtime.ts';
import { type Reason, reasonOf } from '../record/reasons.ts';
import { RUN_VERSION, type RunRecord } from '../record/run.ts';
import type { TrialRecord } from '../record/trial.ts';
import type { ResultsFolder } from '../record/write.ts';
import type { RunContext } from './context.ts';
import { designRecord } from './design-record.ts';
import { closeFits } from './fit.ts';
import { flushesIntoMemory } from './flushes.ts';
import { blockOrders, namesOf } from './orders.ts';
import { patienceSeconds, unspent } from './patience.ts';
import type { Plan } from './plan.ts';
import { idleSeconds } from './seeding.ts';
import { Stopwatch, timingsTogether } from './stopwatch.ts';

export class RunJournal {
  readonly record: RunRecord;
  readonly #results: ResultsFolder;
  readonly #watch = new Stopwatch();

  constructor(plan: Plan, { origin, runtime, placement, limits, results }: RunContext) {
    const { warmupSeconds, measureSeconds, connections, apps } = plan;
    this.#results = results;
    this.record = {
      schemaVersion: RUN_VERSION,
      ...origin,
      status: 'running',
      startedAt: new Date().toISOString(),
      endedAt: null,
      runtime: runtime.name,
      seed: plan.seed,
      preset: plan.preset,
      scenario: { ...plan.workload },
      design: designRecord(plan.design, { rate: null, rounds: 0 }),
      plan: {
        warmupSeconds,
        measureSeconds,
        connections,
        apps,
        idleSeconds: idleSeconds(plan),
        order: namesOf(blockOrders(plan, plan.strategies)),
      },
      placement: placementRecord(placement),
      versions: [],
      strategies: plan.strategies.map(({ name, topology }) => ({
        name,
        title: topology.title,
        description: topology.description,
        onPaper: onPaperOf({ topology }),
        status: 'planned',
        reasons: [],
        versions: [],
        budgets: [],
      })),
      timings: this.#watch.timings,
      patience: limits.noise === 'tolerated' ? null : unspent(patienceSeconds(plan)),
      faults: [...limits.moved, ...toldOfRoom(plan), ...flushesIntoMemory(plan)],
    };
  }

  /** @throws UserError */
  write(): Promise<void> {
    return this.#results.writeRun(this.record);
  }

  /** Does a step and keeps how long it took. */
  timed<Result>(step: string, work: () => Promise<Result>): Promise<Result> {
    return this.#watch.time(step, work);
  }

  lacking(strategy: string, lacks: readonly Lack[]): void {
    this.#notMeasured(strategy, missingReasons(lacks));
  }

  started({ strategy, versions, budgets }: Deployment): void {
    const entry = this.#strategy(strategy.name);
    entry.versions = versions.map((version) => ({ ...version }));
    entry.budgets = budgets.map((budget) => ({ ...budget, cores: [...budget.cores] }));
  }

  notStarted(strategy: string, reason: Reason): void {
    this.#notMeasured(strategy, [reason]);
  }

  /** @param records of trials that were measured at the same time */
  measured(records: readonly Pick<TrialRecord, 'strategy' | 'timings'>[]): void {
    for (const { strategy } of records) this.#strategy(strategy).status = 'measured';
    const together = timingsTogether(records.map(({ timings }) => timings));
    for (const [step, milliseconds] of Object.entries(together)) this.#watch.add(step, milliseconds);
  }

  fault(reason: Reason): void {
    this.record.faults.push(reason);
  }

  /** The commit does not name what was measured. */
  codeChanged(reason: Reason): void {
    this.record.tool = { ...this.record.tool, dirty: true };
    this.fault(reason);
  }

  /** What was measured before it did not start again stays measured. */
  #notMeasured(name: string, reasons: readonly Reason[]): void {
    const strategy = this.#strategy(name);
    strategy.reasons.push(...reasons);
    if (strategy.status !== 'measured') strategy.status = 'not-measured';
  }

  #strategy(name: string): RunRecord['strategies'][number] {
    const found = this.record.strategies.find((each) => each.name === name);
    if (!found) throw new Error(`strategy ${name} is not part of this run`);
    return found;
  }
}

/** A footprint makes room first, and says what it did for that. */
const toldOfRoom = (plan: Plan): readonly Reason[] =>
  plan.design.kind === 'footprint' ? plan.design.told : closeFits(plan);

export const placementRecord = ({
  cores,
  shared,
  siblings,
  kinds,
  description,
}: Placement): RunRecord['placement'] => ({
  cores: {
    generator: [...cores.generator],
    balancer: [...cores.balancer],
    app: [...cores.app],
    store: [...cores.store],
  },
  shared,
  siblings: siblings?.map((unit) => [...unit]) ?? null,
  kinds: kinds?.map(({ name, cores: alike }) => ({ name, cores: [...alike] })) ?? null,
  description,
});

/** What a strategy lacks on this machine, as its record says it. */
export const missingReasons = (lacks: readonly Lack[]): Reason[] =>
  lacks.map(({ what, why, remedy }) => reasonOf('missing', `${what}: ${why}`, remedy));
