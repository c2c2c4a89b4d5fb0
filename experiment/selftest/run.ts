/** The self-test: many comparisons of a strategy with itself. Each is on the disk before the next begins. */
import path from 'node:path';
import { readHost } from '../../infra/machine/host.ts';
import { choosePlacement } from '../../infra/machine/placement.ts';
import type { SidePair, SidesDesign } from '../../record/design.ts';
import { headlineOf } from '../../record/log-lines.ts';
import { type ReadRun, readRun } from '../../record/read/run.ts';
import { defaultRule } from '../../record/rule.ts';
import type { RunRecord } from '../../record/run.ts';
import { type SelftestComparison, type SelftestRecord, selftestRecord } from '../../record/selftest.ts';
import { asSentenceEnd } from '../../record/sentence.ts';
import { isUnwritable, UserError } from '../../record/user-error.ts';
import { replaceResult } from '../../record/write.ts';
import { type Machine, openContext } from '../context.ts';
import { placementRecord } from '../journal.ts';
import type { Plan } from '../plan.ts';
import { silentProgress } from '../progress.ts';
import { toolVersion } from '../repository.ts';
import { runExperiment } from '../run.ts';
import { calibrationPlan, runPlan, type SelftestWishes, type Slowed, seedOf, slowdownsIn } from './plan.ts';

export interface Selftest {
  readonly wishes: SelftestWishes;
  readonly budgets: SelftestRecord['budgets'];
  readonly id: string;
  readonly seed: number;
  readonly machine: Machine;
  readonly reports: SelftestReports;
  /** Told of each comparison when it has been judged. */
  onComparison(comparison: SelftestComparison): void;
}

/** What the self-test asks of the reports, which the experiment does not know. */
export interface SelftestReports {
  /** CPU time of serving a request on a side, in microseconds; null without a valid trial. */
  costOfRequest(run: ReadRun, side: string): number | null;
  /** As the gate would judge a run of these two sides. */
  judge(run: ReadRun, pair: SidePair): Pick<SelftestComparison, 'outcome' | 'results'>;
  /** As Markdown. */
  page(record: SelftestRecord): string;
}

export interface EndedSelftest {
  readonly record: SelftestRecord;
  /** Why the folder does not hold all of it; null where it does. */
  readonly unwritten: UserError | null;
}

/**
 * @returns the record, whose file is written after each comparison
 * @throws UserError; not where the disk is full
 */
export async function runSelftest(selftest: Selftest, folder: string): Promise<EndedSelftest> {
  const { wishes, seed, machine, reports } = selftest;
  const { signal } = machine;
  const record = await startRecord(selftest);
  const keep = async (): Promise<void> => {
    await replaceResult(path.join(folder, 'selftest.json'), selftestRecord.parse(record));
    await replaceResult(path.join(folder, 'selftest.md'), reports.page(record));
  };
  let unwritten: UserError | null = null;
  try {
    await keep();
    const { rate, micros } = await calibrate(selftest, folder);
    record.rate = rate;
    record.baselineMicros = micros;
    await keep();
    for (let number = 1; number <= wishes.comparisons && !signal.aborted; number += 1) {
      const slowed = slowdownsIn(wishes, number).map((share) => ({ share, micros: share * micros }));
      const given = { mode: 'given', value: rate } as const;
      const plan = runPlan(wishes, seedOf(seed, number), given, wishes.blocks, slowed);
      const name = path.join('comparisons', String(number).padStart(3, '0'));
      const run = await measure(selftest, plan, folder, name);
      if (signal.aborted) break;
      for (const comparison of judged(run, slowed, reports, record.comparisons.length, name)) {
        record.comparisons.push(comparison);
        selftest.onComparison(comparison);
      }
      await keep();
    }
    record.status = signal.aborted ? 'interrupted' : 'finished';
  } catch (error) {
    record.status = signal.aborted ? 'interrupted' : 'failed';
    if (isUnwritable(error)) unwritten = error;
    else if (!signal.aborted) throw error;
  } finally {
    record.endedAt = new Date().toISOString();
    await keep().catch((error: unknown) => {
      if (!isUnwritable(error)) throw error;
      unwritten ??= error;
    });
  }
  return { record, unwritten };
}

async function startRecord({ wishes, budgets, id, seed, machine }: Selftest): Promise<SelftestRecord> {
  return {
    schemaVersion: 1,
    id,
    command: [...machine.command],
    status: 'running',
    startedAt: new Date().toISOString(),
    endedAt: null,
    tool: await toolVersion(),
    runtime: machine.runtime,
    host: await readHost(),
    placement: placementRecord(await choosePlacement()),
    strategy: wishes.strategy.name,
    scenario: wishes.scenario.workload.name,
    rate: null,
    baselineMicros: null,
    blocks: wishes.blocks,
    measureSeconds: wishes.duration,
    seed,
    rule: defaultRule,
    budgets: [...budgets],
    comparisons: [],
  };
}

/** One run in a folder of its own, with servers of its own. */
async function measure({ machine }: Selftest, plan: Plan, folder: string, name: string): Promise<ReadRun> {
  const out = path.join(folder, path.dirname(name));
  const unwatched = { ...machine, progress: silentProgress };
  const context = await openContext(unwatched, out, path.basename(name));
  const { record, unwritten } = await runExperiment(plan, context);
  if (unwritten) throw unwritten;
  for (const trouble of troublesOf(record)) machine.progress.say(trouble);
  return readRun(context.results.path);
}

/** Each once: all sides lack the same servers. */
const troublesOf = ({ strategies, faults }: RunRecord): readonly string[] => [
  ...new Set(
    [...strategies.flatMap(({ reasons }) => reasons), ...faults].map(
      ({ message, remedy }) => `! ${asSentenceEnd(message)} ${remedy}`,
    ),
  ),
];

/** The rate for all comparisons, and what a request costs, in microseconds of CPU time. */
async function calibrate(
  selftest: Selftest,
  folder: string,
): Promise<{ readonly rate: number; readonly micros: number }> {
  const { wishes, seed, machine, reports } = selftest;
  machine.progress.doing('Finding the rate and what a request costs');
  const run = await measure(selftest, calibrationPlan(wishes, seed), folder, 'calibration');
  const costs = run.record.strategies.flatMap(({ name }) => reports.costOfRequest(run, name) ?? []);
  const { rate } = sidesOf(run);
  if (rate === null || costs.length === 0) throw whyUnknown(wishes, run);
  return { rate: rate.value, micros: costs.reduce((sum, each) => sum + each, 0) / costs.length };
}

function whyUnknown({ strategy }: SelftestWishes, { record, trials, folder }: ReadRun): UserError {
  if (record.strategies.every(({ status }) => status === 'not-measured'))
    return new UserError(
      'unavailable',
      `${strategy.name} cannot run here, for the reasons above; nothing was measured.`,
    );
  const reasons = trials.flatMap((trial) =>
    trial.kind === 'invalid' ? trial.record.reasons.map(({ message }) => headlineOf(message)) : [],
  );
  return new UserError(
    'invalid',
    `What a request costs could not be measured: ${[...new Set(reasons)].slice(0, 3).join('; ') || 'no trial is valid, or too many requests got no right answer'}. Try again when the machine is quieter; the trials are under ${folder}.`,
  );
}

function sidesOf({ record: { design } }: ReadRun): SidesDesign {
  if (design.kind !== 'sides') throw new Error(`a run of the self-test is of the design ${design.kind}`);
  return design;
}

/** Each pair of the run is a comparison of its own, as the gate would judge one strategy. */
const judged = (
  run: ReadRun,
  slowed: readonly Slowed[],
  reports: SelftestReports,
  before: number,
  name: string,
): SelftestRecord['comparisons'] =>
  sidesOf(run).pairs.map((pair, index) => ({
    number: before + index + 1,
    addedShare: slowed.find(({ micros }) => micros === pair.addedMicros)?.share ?? 0,
    addedMicros: pair.addedMicros,
    run: name,
    startedAt: run.record.startedAt,
    ...reports.judge(run, pair),
  }));
