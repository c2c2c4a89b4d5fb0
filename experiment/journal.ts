/** The record of a run while it grows: what was planned, on what, and how each strategy fared. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readHost } from '../infra/machine/host.ts';
import { runProgram } from '../infra/machine/run.ts';
import type {
  Lack,
  Placement,
  Runtime,
  ServerVersion,
  ServiceBudget,
  Strategy,
} from '../infra/runtimes/runtime.ts';
import type { Reason } from '../record/common.ts';
import type { RunRecord } from '../record/run.ts';
import { movedLimits } from './machine-limits.ts';
import type { Plan } from './plan.ts';
import { promiseOf } from './search/plan.ts';

const repository = path.resolve(import.meta.dirname, '..');

export async function toolVersion(): Promise<RunRecord['tool']> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(path.join(repository, 'package.json'), 'utf8')));
  const git = async (...args: string[]): Promise<string | null> => {
    const result = await runProgram('git', ['-C', repository, ...args], { env: process.env });
    return result.exitCode === 0 ? result.stdout : null;
  };
  const status = await git('status', '--porcelain');
  return { version, commit: await git('rev-parse', 'HEAD'), dirty: status === null ? null : status !== '' };
}

export const lackAsReason = ({ what, why, remedy }: Lack): Reason => ({
  code: 'missing',
  message: `${what}: ${why}`,
  remedy,
});

const asVersionRecord = (version: ServerVersion): RunRecord['versions'][number] => ({ ...version });

export const placementRecord = ({ cores, shared, description }: Placement): RunRecord['placement'] => ({
  cores: {
    generator: [...cores.generator],
    balancer: [...cores.balancer],
    app: [...cores.app],
    store: [...cores.store],
  },
  shared,
  description,
});

export interface RunJournal {
  readonly record: RunRecord;
  strategyVersions(
    strategy: string,
    versions: readonly ServerVersion[],
    budgets: readonly ServiceBudget[],
  ): void;
  strategyNotMeasured(strategy: string, reasons: readonly Reason[]): void;
  strategyMeasured(strategy: string): void;
  fault(reason: Reason): void;
  /** Adds milliseconds to a kind of step. */
  spent(step: string, milliseconds: number): void;
}

export async function startJournal(
  plan: Plan,
  runtime: Runtime,
  placement: Placement,
  runId: string,
  orders: readonly (readonly Strategy[])[],
): Promise<RunJournal> {
  const record: RunRecord = {
    schemaVersion: 1,
    runId,
    command: ['npm', 'run', plan.comparison?.record.command ?? 'bench', '--', ...process.argv.slice(2)],
    status: 'running',
    startedAt: new Date().toISOString(),
    endedAt: null,
    tool: await toolVersion(),
    runtime: runtime.name,
    seed: plan.seed,
    preset: plan.preset,
    scenario: { ...plan.workload },
    plan: {
      blocks: plan.blocks,
      warmupSeconds: plan.warmupSeconds,
      measureSeconds: plan.measureSeconds,
      connections: plan.connections,
      apps: plan.apps,
      order: orders.map((order) => order.map(({ name }) => name)),
    },
    rate: null,
    ...(plan.capacity && {
      capacity: {
        promise: promiseOf(plan.capacity.slo),
        maxTrials: plan.capacity.maxTrials,
        precision: plan.capacity.precision,
        confidence: plan.capacity.confidence,
        overtimeSeconds: plan.capacity.overtimeSeconds,
      },
    }),
    host: await readHost(),
    placement: placementRecord(placement),
    versions: [],
    strategies: plan.strategies.map(({ name, topology }) => ({
      name,
      title: topology.title,
      description: topology.description,
      status: 'planned',
      reasons: [],
      versions: [],
    })),
    timings: {},
    faults: movedLimits(),
    comparison: plan.comparison?.record ?? null,
  };
  const strategyOf = (name: string): RunRecord['strategies'][number] => {
    const found = record.strategies.find((each) => each.name === name);
    if (!found) throw new Error(`strategy ${name} is not part of this run`);
    return found;
  };
  return {
    record,
    strategyVersions(name, versions, budgets) {
      strategyOf(name).versions = versions.map(asVersionRecord);
      if (budgets.length > 0)
        strategyOf(name).budgets = budgets.map((each) => ({ ...each, cores: [...each.cores] }));
    },
    strategyNotMeasured(name, reasons) {
      const strategy = strategyOf(name);
      strategy.reasons.push(...reasons);
      if (strategy.status === 'planned') strategy.status = 'not-measured';
    },
    strategyMeasured(name) {
      strategyOf(name).status = 'measured';
    },
    fault: (reason) => void record.faults.push(reason),
    spent(step, milliseconds) {
      record.timings[step] = Math.round((record.timings[step] ?? 0) + milliseconds);
    },
  };
}
