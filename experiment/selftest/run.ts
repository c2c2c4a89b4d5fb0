/** The self-test: many comparisons of a strategy with itself. Each is on the disk before the next begins. */
import path from 'node:path';
import { choosePlacement } from '../../infra/machine/placement.ts';
import type { SidePair, SidesDesign } from '../../record/design.ts';
import { headlineOf } from '../../record/log-lines.ts';
import { type ReadRun, readRun } from '../../record/read/run.ts';
import { defaultRule } from '../../record/rule.ts';
import type { RunRecord } from '../../record/run.ts';
import {
  SELFTEST_VERSION,
  type SelftestComparison,
  type SelftestRecord,
  type SlowKind,
  selftestRecord,
} from '../../record/selftest.ts';
import { asSentenceEnd } from '../../record/sentence.ts';
import { UserError } from '../../record/user-error.ts';
import { replaceResult } from '../../record/write.ts';
import { type Machine, openContext } from '../context.ts';
import { placementRecord } from '../journal.ts';
import { headOf, whileKept } from '../kept-record.ts';
import type { Plan } from '../plan.ts';
import { silentProgress } from '../progress.ts';
import { runExperiment } from '../run.ts';
import {
  type Baseline,
  calibrationPlan,
  comparisonPlan,
  type SelftestWishes,
  seedOf,
  type Wanted,
  wantedComparisons,
} from './plan.ts';

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
  /** What a request and a read take on a side; null without a valid trial. */
  baselineOf(run: ReadRun, side: string): Baseline | null;
  /** As the gate would judge a run of these two sides. */
  judge(run: ReadRun, pair: SidePair): Pick<SelftestComparison, 'outcome' | 'results'>;
  /** As Markdown. */
  page(record: SelftestRecord): Promise<string>;
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
export async function runSelftest(asked: Selftest, folder: string): Promise<EndedSelftest> {
  const selftest = tellingOnce(asked);
  const { wishes, seed, machine, reports } = selftest;
  const { signal } = machine;
  const record = await startRecord(selftest);
  const keep = async (): Promise<void> => {
    await replaceResult(path.join(folder, 'selftest.json'), selftestRecord.parse(record));
    await replaceResult(path.join(folder, 'selftest.md'), await reports.page(record));
  };
  const work = async (): Promise<void> => {
    const { rate, baseline } = await calibrate(selftest, folder);
    record.rate = rate;
    record.baselineMicros = baseline.cpu;
    record.baselineReadMicros = baseline.latency;
    await keep();
    for (const [index, wanted] of wantedComparisons(wishes).entries()) {
      if (signal.aborted) break;
      const number = index + 1;
      const plan = comparisonPlan(wishes, seedOf(seed, number), rate, wanted, baseline);
      const name = path.join('comparisons', String(number).padStart(3, '0'));
      const run = await measure(selftest, plan, folder, name);
      if (signal.aborted) break;
      const comparison = judged(run, wanted, reports, { number, run: name });
      record.comparisons.push(comparison);
      selftest.onComparison(comparison);
      await keep();
    }
  };
  const failed = (error: unknown): void => {
    throw error;
  };
  const unwritten = await whileKept(record, signal, { keep, work, failed });
  return { record, unwritten };
}

async function startRecord({ wishes, budgets, id, seed, machine }: Selftest): Promise<SelftestRecord> {
  return {
    schemaVersion: SELFTEST_VERSION,
    ...(await headOf(id, machine)),
    placement: placementRecord(await choosePlacement()),
    strategy: wishes.strategy.name,
    scenario: wishes.scenario.workload.name,
    rate: null,
    baselineMicros: null,
    baselineReadMicros: null,
    pairing: 'duet',
    blocks: wishes.blocks,
    measureSeconds: wishes.duration,
    seed,
    rule: defaultRule,
    budgets: [...budgets],
    planned: wantedComparisons(wishes).length,
    comparisons: [],
  };
}

/** One run in a folder of its own, with servers of its own. */
async function measure(
  { machine, tell }: Telling,
  plan: Plan,
  folder: string,
  name: string,
): Promise<ReadRun> {
  const out = path.join(folder, path.dirname(name));
  const unwatched = { ...machine, progress: silentProgress };
  const context = await openContext(unwatched, out, path.basename(name));
  const { record, unwritten } = await runExperiment(plan, context);
  if (unwritten) throw unwritten;
  for (const trouble of troublesOf(record)) tell(trouble);
  return readRun(context.results.path);
}

const troublesOf = ({ strategies, faults }: RunRecord): readonly string[] =>
  [...strategies.flatMap(({ reasons }) => reasons), ...faults].map(
    ({ message, remedy }) => `! ${asSentenceEnd(message)} ${remedy}`,
  );

/** What befell runs of it is told once: all sides lack the same servers, and all runs are on the same machine. */
interface Telling extends Selftest {
  tell(trouble: string): void;
}

function tellingOnce(selftest: Selftest): Telling {
  const told = new Set<string>();
  const tell = (trouble: string): void => {
    if (!told.has(trouble)) selftest.machine.progress.say(trouble);
    told.add(trouble);
  };
  return { ...selftest, tell };
}

/** The rate for all comparisons, and what a request and a read take. */
async function calibrate(
  selftest: Telling,
  folder: string,
): Promise<{ readonly rate: number; readonly baseline: Baseline }> {
  const { wishes, seed, machine, reports } = selftest;
  machine.progress.doing('Finding the rate and what a request costs');
  const run = await measure(selftest, calibrationPlan(wishes, seed), folder, 'calibration');
  const found = run.record.strategies.flatMap(({ name }) => reports.baselineOf(run, name) ?? []);
  const { rate } = sidesOf(run);
  if (rate === null || found.length === 0) throw whyUnknown(wishes, run);
  const meanOf = (kind: SlowKind): number => found.reduce((sum, each) => sum + each[kind], 0) / found.length;
  return { rate: rate.value, baseline: { cpu: meanOf('cpu'), latency: meanOf('latency') } };
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

/** The one pair of the run, as the gate would judge it. */
function judged(
  run: ReadRun,
  wanted: Wanted,
  reports: SelftestReports,
  place: Pick<SelftestComparison, 'number' | 'run'>,
): SelftestComparison {
  const [pair] = sidesOf(run).pairs;
  if (!pair) throw new Error('a run of the self-test holds no pair');
  return {
    ...place,
    slow: wanted.kind === 'nothing' ? 'cpu' : wanted.kind,
    addedShare: wanted.kind === 'nothing' ? 0 : wanted.share,
    addedMicros: pair.addedMicros,
    startedAt: run.record.startedAt,
    ...reports.judge(run, pair),
  };
}
