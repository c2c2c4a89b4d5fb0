/** The self-test: many comparisons of a strategy with itself. Each is on the disk before the next begins. */
import path from 'node:path';
import { readHost } from '../../infra/machine/host.ts';
import { choosePlacement } from '../../infra/machine/placement.ts';
import type { SidesDesign } from '../../record/design.ts';
import { type ReadRun, readRun } from '../../record/read/run.ts';
import { defaultRule } from '../../record/rule.ts';
import type { RunRecord } from '../../record/run.ts';
import { type SelftestRecord, selftestRecord } from '../../record/selftest.ts';
import { createResultsFolder, replaceResult } from '../../record/write.ts';
import { judge } from '../../reports/gate/judge.ts';
import { asCompared } from '../../reports/gate/one-run.ts';
import { overall } from '../../reports/gate/sides.ts';
import { selftestMarkdown } from '../../reports/selftest/words.ts';
import type { Budget } from '../../reports/statistics/budgets.ts';
import type { Alone } from '../../scripts/cli/alone.ts';
import type { SelftestOptions } from '../../scripts/selftest/options.ts';
import { placementRecord, toolVersion } from '../journal.ts';
import type { Plan } from '../plan.ts';
import type { Progress } from '../progress.ts';
import { runExperiment } from '../run.ts';
import { calibrationPlan, runPlan, type Slowed, seedOf, slowdownsIn } from './plan.ts';

export interface Selftest {
  readonly options: SelftestOptions;
  readonly budgets: readonly Budget[];
  readonly id: string;
  readonly seed: number;
  readonly alone: Alone;
  /** Told of each comparison when it has been judged. */
  onComparison(comparison: SelftestRecord['comparisons'][number]): void;
}

/** Something without which the self-test cannot go on; the message says what, why, and what to do. */
export class SelftestError extends Error {
  override readonly name = 'SelftestError';
  /** True where it would be so at any time: something is missing on this machine. */
  readonly unavailable: boolean;

  constructor(message: string, { unavailable }: { readonly unavailable: boolean }) {
    super(message);
    this.unavailable = unavailable;
  }
}

/**
 * @returns the record, whose file is written after each comparison
 * @throws SelftestError, ResultsError
 */
export async function runSelftest(selftest: Selftest, folder: string): Promise<SelftestRecord> {
  const { options, seed } = selftest;
  const { signal } = selftest.alone;
  const record = await startRecord(selftest);
  const keep = async (): Promise<void> => {
    await replaceResult(path.join(folder, 'selftest.json'), selftestRecord.parse(record));
    await replaceResult(path.join(folder, 'selftest.md'), selftestMarkdown(record));
  };
  await keep();
  try {
    const { rate, micros } = await calibrate(selftest, folder);
    record.rate = rate;
    record.baselineMicros = micros;
    await keep();
    for (let number = 1; number <= options.comparisons && !signal.aborted; number += 1) {
      const slowed = slowdownsIn(options, number).map((share) => ({ share, micros: share * micros }));
      const given = { mode: 'given', value: rate } as const;
      const plan = runPlan(options, seedOf(seed, number), given, options.blocks, slowed);
      const name = path.join('comparisons', String(number).padStart(3, '0'));
      const run = await measure(selftest, plan, folder, name);
      if (signal.aborted) break;
      for (const comparison of judged(run, slowed, selftest.budgets, record.comparisons.length, name)) {
        record.comparisons.push(comparison);
        selftest.onComparison(comparison);
      }
      await keep();
    }
    record.status = signal.aborted ? 'interrupted' : 'finished';
  } catch (error) {
    record.status = signal.aborted ? 'interrupted' : 'failed';
    if (!signal.aborted) throw error;
  } finally {
    record.endedAt = new Date().toISOString();
    await keep();
  }
  return record;
}

async function startRecord({ options, budgets, id, seed, alone }: Selftest): Promise<SelftestRecord> {
  return {
    schemaVersion: 1,
    id,
    command: ['npm', 'run', 'selftest', '--', ...process.argv.slice(2)],
    status: 'running',
    startedAt: new Date().toISOString(),
    endedAt: null,
    tool: await toolVersion(),
    runtime: alone.runtime,
    host: await readHost(),
    placement: placementRecord(await choosePlacement()),
    strategy: options.strategy.name,
    scenario: options.scenario.workload.name,
    rate: null,
    baselineMicros: null,
    blocks: options.blocks,
    measureSeconds: options.duration,
    seed,
    rule: defaultRule,
    budgets: [...budgets],
    comparisons: [],
  };
}

/** One run in a folder of its own, with servers of its own. */
async function measure({ alone }: Selftest, plan: Plan, folder: string, name: string): Promise<ReadRun> {
  const { progress, signal } = alone;
  const silent: Progress = {
    ...progress,
    say() {},
    doing() {},
    trialEnded() {},
    second() {},
    trialStarted() {},
    close() {},
  };
  const [parent, runId] = [path.join(folder, path.dirname(name)), path.basename(name)];
  const results = await createResultsFolder(parent, runId);
  const runtime = await alone.createRuntime();
  const record = await runExperiment({
    plan,
    runtime,
    placement: await choosePlacement(),
    results,
    runId,
    progress: silent,
    signal,
  });
  for (const trouble of troublesOf(record)) progress.say(trouble);
  return readRun(results.path);
}

/** Each once: all sides lack the same servers. */
const troublesOf = ({ strategies, faults }: RunRecord): readonly string[] => [
  ...new Set(
    [...strategies.flatMap(({ reasons }) => reasons), ...faults].map(
      ({ message, remedy }) => `! ${message} ${remedy}`,
    ),
  ),
];

/** The rate for all comparisons, and what a request costs, in microseconds of CPU time. */
async function calibrate(
  selftest: Selftest,
  folder: string,
): Promise<{ readonly rate: number; readonly micros: number }> {
  selftest.alone.progress.doing('Finding the rate and what a request costs');
  const run = await measure(
    selftest,
    calibrationPlan(selftest.options, selftest.seed),
    folder,
    'calibration',
  );
  const costs = run.record.strategies.flatMap(({ name }) => overall({ run, name }, 'cpuPerRequest') ?? []);
  const rate = sidesOf(run).rate?.value;
  if (rate === undefined || costs.length === 0) throw whyUnknown(selftest, run);
  return { rate, micros: costs.reduce((sum, each) => sum + each, 0) / costs.length };
}

function whyUnknown({ options }: Selftest, { record, trials, folder }: ReadRun): SelftestError {
  if (record.strategies.every(({ status }) => status === 'not-measured'))
    return new SelftestError(
      `${options.strategy.name} cannot run here, for the reasons above; nothing was measured.`,
      { unavailable: true },
    );
  const reasons = trials.flatMap((trial) =>
    trial.kind === 'invalid' ? trial.record.reasons.map(({ message }) => message) : [],
  );
  return new SelftestError(
    `What a request costs could not be measured: ${[...new Set(reasons)].slice(0, 3).join('; ') || 'no trial is valid'}. Try again when the machine is quieter; the trials are under ${folder}.`,
    { unavailable: false },
  );
}

function sidesOf({ record: { design } }: ReadRun): SidesDesign {
  if (design.kind !== 'sides') throw new Error(`a run of the self-test is of the design ${design.kind}`);
  return design;
}

/** Each pair of the run is a comparison of its own, as the gate would judge one strategy. */
function judged(
  run: ReadRun,
  slowed: readonly Slowed[],
  budgets: readonly Budget[],
  before: number,
  name: string,
): SelftestRecord['comparisons'] {
  return sidesOf(run).pairs.map((pair, index) => {
    const { outcome, results } = judge([asCompared(run, pair)], budgets, {
      baseline: pair.baseline,
      candidate: pair.candidate,
    });
    return {
      number: before + index + 1,
      addedShare: slowed.find(({ micros }) => micros === pair.addedMicros)?.share ?? 0,
      addedMicros: pair.addedMicros,
      run: name,
      startedAt: run.record.startedAt,
      outcome,
      results,
    };
  });
}
