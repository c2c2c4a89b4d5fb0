/** Measures a git ref and the working tree in turns. */
import path from 'node:path';
import { estimateSeconds, type Plan } from '../../experiment/plan.ts';
import { runExperiment } from '../../experiment/run.ts';
import { checkOut } from '../../experiment/sides/checkout.ts';
import { type PlanWithoutSides, withSides } from '../../experiment/sides/plan.ts';
import { type Reference, workingTree } from '../../experiment/sides/reference.ts';
import { choosePlacement } from '../../infra/machine/placement.ts';
import type { SideCode } from '../../record/design.ts';
import type { Comparison } from '../../record/gate.ts';
import { readRun } from '../../record/read/run.ts';
import type { RunRecord } from '../../record/run.ts';
import { createResultsFolder } from '../../record/write.ts';
import { compareWithin } from '../../reports/gate/one-run.ts';
import { writeReports } from '../../reports/index.ts';
import type { Budget } from '../../reports/statistics/budgets.ts';
import type { Alone } from '../cli/alone.ts';
import { whereTimeWent } from '../cli/closing-words.ts';
import { count, duration } from '../cli/format.ts';
import { newRunId } from '../cli/measuring.ts';

export interface Against {
  readonly plan: PlanWithoutSides;
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
  { plan, reference, budgets, out }: Against,
  { progress, signal, createRuntime }: Alone,
): Promise<Compared> {
  const tree = await workingTree();
  const baseline: SideCode = { label: reference.label, commit: reference.commit, dirty: false };
  const candidate: SideCode = { label: 'the working tree', ...tree };
  const runtime = await createRuntime();
  progress.doing(`Unpacking ${reference.label}`);
  const checkout = await checkOut(reference, (line) => progress.say(line), signal);
  try {
    const placement = await choosePlacement();
    progress.say(`Placement   ${placement.description}`);
    const runId = newRunId();
    const results = await createResultsFolder(out, runId);
    const record = await runExperiment({
      plan: withSides(plan, checkout, baseline, candidate),
      runtime,
      placement,
      results,
      runId,
      progress,
      signal,
    });
    progress.doing('Judging');
    await writeReports(results.path);
    const comparison = compareWithin(await readRun(results.path), budgets);
    return { comparison, record, folder: results.path, notes: [whereTimeWent(record)] };
  } finally {
    await checkout.remove();
    await runtime.close();
  }
}

/** What will be done, before anything is started. */
export function describe(
  { plan, reference, budgets, out }: Against,
  origin: string,
  tree: Awaited<ReturnType<typeof workingTree>>,
): string {
  const { workload } = plan;
  const rate =
    plan.rate.mode === 'auto' ? 'a common rate found first' : `${count(plan.rate.value)} operations/s`;
  const changes = tree.dirty === true ? ', with changes that are in no commit' : '';
  return [
    `Baseline    ${reference.label} (${reference.commit.slice(0, 7)})`,
    `Candidate   the working tree${tree.commit ? ` (${tree.commit.slice(0, 7)}${changes})` : ''}`,
    `Strategies  ${plan.strategies.map(({ name }) => name).join(', ')}`,
    `Budgets     ${budgets.map(({ metric, share }) => `${metric} ${Number((share * 100).toFixed(3))} %`).join(', ')} (${origin})`,
    `Scenario    ${workload.name}: ${workload.title}; ${count(workload.sessions)} sessions of ${count(workload.payloadBytes)} B`,
    `Plan        ${plan.blocks} blocks, each side ${plan.measureSeconds} s after ${plan.warmupSeconds} s of warm-up, ${rate}`,
    `Seed        ${plan.seed}`,
    `Time        about ${duration(estimateSeconds(plannedSides(plan)))}, once servers are provisioned and k6 is built`,
    `Results     ${path.resolve(out)}`,
  ].join('\n');
}

/** The plan as if the ref had been checked out: as many sides, so that its time can be told. */
const plannedSides = (plan: PlanWithoutSides): Plan => {
  const code: SideCode = { label: '', commit: null, dirty: null };
  const here = {
    appMain: '',
    strategies: plan.strategies,
    dependencies: 'shared',
    remove: async () => {},
  } as const;
  return withSides(plan, here, code, code);
};
