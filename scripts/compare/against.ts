/** Measures a git ref and the working tree in turns. */
import path from 'node:path';
import { newRunId, openContext } from '../../experiment/context.ts';
import { workingTree } from '../../experiment/repository.ts';
import { runExperiment } from '../../experiment/run.ts';
import { checkOut } from '../../experiment/sides/checkout.ts';
import {
  type Comparison as ComparisonPlan,
  comparePlan,
  estimateComparison,
} from '../../experiment/sides/plan.ts';
import type { Reference } from '../../experiment/sides/reference.ts';
import type { SideCode } from '../../record/design.ts';
import type { Comparison } from '../../record/gate.ts';
import { readRun } from '../../record/read/run.ts';
import type { RunRecord } from '../../record/run.ts';
import type { Budget } from '../../reports/gate/budgets.ts';
import { compareWithin } from '../../reports/gate/one-run.ts';
import { writeReports } from '../../reports/index.ts';
import { type Alone, machineOf } from '../cli/alone.ts';

import { whereTimeWent } from '../cli/closing-words.ts';
import { count, duration } from '../cli/format.ts';

export interface Against {
  readonly comparison: ComparisonPlan;
  readonly reference: Reference;
  readonly budgets: readonly Budget[];
  readonly out: string;
}

export interface Compared {
  readonly comparison: Comparison;
  readonly record: RunRecord;
  /** The run's own folder. */
  readonly folder: string;
  readonly notes: readonly string[];
}

/** @throws CheckoutError, ResultsError */
export async function compareAgainst(
  { comparison: wanted, reference, budgets, out }: Against,
  alone: Alone,
): Promise<Compared> {
  const tree = await workingTree();
  const baseline: SideCode = { label: reference.label, commit: reference.commit, dirty: false };
  const candidate: SideCode = { label: 'the working tree', ...tree };
  const { progress, signal } = alone;
  const runtime = await alone.createRuntime();
  progress.doing(`Unpacking ${reference.label}`);
  const checkout = await checkOut(reference, (line) => progress.say(line), signal);
  try {
    const context = await openContext(machineOf(alone, 'compare'), async () => runtime, out, newRunId());
    const record = await runExperiment(comparePlan(wanted, checkout, baseline, candidate), context);
    progress.doing('Judging');
    await writeReports(context.results.path);
    const comparison = compareWithin(await readRun(context.results.path), budgets);
    return { comparison, record, folder: context.results.path, notes: [whereTimeWent(record)] };
  } finally {
    await checkout.remove();
    await runtime.close();
  }
}

/** What will be done, before anything is started. */
export function describe(
  { comparison, reference, budgets, out }: Against,
  origin: string,
  tree: Awaited<ReturnType<typeof workingTree>>,
): string {
  const { workload } = comparison;
  const rate =
    comparison.rate.mode === 'auto'
      ? 'a common rate found first'
      : `${count(comparison.rate.value)} operations/s`;
  const changes = tree.dirty === true ? ', with changes that are in no commit' : '';
  return [
    `Baseline    ${reference.label} (${reference.commit.slice(0, 7)})`,
    `Candidate   the working tree${tree.commit ? ` (${tree.commit.slice(0, 7)}${changes})` : ''}`,
    `Strategies  ${comparison.strategies.map(({ name }) => name).join(', ')}`,
    `Budgets     ${budgets.map(({ metric, share }) => `${metric} ${Number((share * 100).toFixed(3))} %`).join(', ')} (${origin})`,
    `Scenario    ${workload.name}: ${workload.title}; ${count(workload.sessions)} sessions of ${count(workload.payloadBytes)} B`,
    `Plan        ${comparison.blocks} blocks, each side ${comparison.measureSeconds} s after ${comparison.warmupSeconds} s of warm-up, ${rate}`,
    `Seed        ${comparison.seed}`,
    `Time        about ${duration(estimateComparison(comparison))}, once servers are provisioned and k6 is built`,
    `Results     ${path.resolve(out)}`,
  ].join('\n');
}
