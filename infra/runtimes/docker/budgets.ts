/** What each container may use: the same for every strategy, enforced by the engine. */
import { type Tier, tiers } from '../../../record/common.ts';
import { twice } from '../../../record/twice.ts';
import { GENERATOR_MEMORY_MIB } from '../../services/k6/index.ts';
import type { PlannedService } from '../plan.ts';
import type { Placement, ServiceBudget } from '../runtime.ts';

/** Limits that a person sets in place of those that follow from topology and placement. */
export interface BudgetOverride {
  /** Processor time of each container of the tier, in cores, greater than 0. */
  readonly cpus?: number;
  /** Limit of each container's memory in MiB, instead of the one that follows from the topology. */
  readonly memoryMiB?: number;
}
export type BudgetOverrides = Readonly<Partial<Record<Tier, BudgetOverride>>>;

export interface Budget {
  /** As the engine takes it: `0,2`. */
  readonly cpuset: string;
  /** Processor time in cores. */
  readonly cpus: number;
  readonly memoryMiB: number;
}

export type BudgetsReading =
  | { readonly status: 'ok'; readonly value: BudgetOverrides }
  | { readonly status: 'mistakes'; readonly mistakes: readonly string[] };

/**
 * Reads a text such as `store.memory=48,app.cpus=0.5` (MiB, cores). It is for tests of what happens at the limits: runs
 * with other budgets than everybody else's compare with nothing.
 */
export function readBudgetOverrides(text: string): BudgetsReading {
  const overrides: Partial<Record<Tier, BudgetOverride>> = {};
  const names: string[] = [];
  const mistakes: string[] = [];
  for (const entry of text.split(',').filter((each) => each.trim() !== '')) {
    const [, name, what, number] = /^\s*(\w+)\.(memory|cpus)=(\d+(?:\.\d+)?)\s*$/.exec(entry) ?? [];
    const tier = tiers.find((each) => each === name);
    const value = Number(number);
    if (!tier || !(value > 0)) {
      mistakes.push(`"${entry}" is no budget, such as store.memory=48 (MiB) or app.cpus=0.5 (cores)`);
      continue;
    }
    names.push(`${tier}.${what}`);
    overrides[tier] = { ...overrides[tier], ...(what === 'memory' ? { memoryMiB: value } : { cpus: value }) };
  }
  mistakes.push(...twice(names).map((name) => `"${name}" is given twice; keep one`));
  return mistakes.length > 0 ? { status: 'mistakes', mistakes } : { status: 'ok', value: overrides };
}

/**
 * A quarter more than the topology's figure, at least 64 MiB: servers take that figure for their data (`maxmemory`
 * of Redis, `-m` of Memcached) and need some for connections and themselves. The same rule for every kind.
 */
export function memoryLimitMiB(memoryMiB: number): number {
  return memoryMiB + Math.max(64, Math.ceil(memoryMiB / 4));
}

export function budgetOf(
  tier: Tier,
  memoryMiB: number,
  placement: Placement,
  overrides: BudgetOverrides = {},
): Budget {
  const cores = placement.cores[tier];
  const override = overrides[tier];
  return {
    cpuset: cores.join(','),
    cpus: override?.cpus ?? cores.length,
    memoryMiB: override?.memoryMiB ?? memoryLimitMiB(memoryMiB),
  };
}

/** For reports. */
export const asServiceBudget = (service: PlannedService, budget: Budget): ServiceBudget => ({
  service: service.name,
  tier: service.kind.tier,
  nodes: service.nodes.length,
  cores: budget.cpuset.split(',').map(Number),
  cpus: budget.cpus,
  memoryMiB: budget.memoryMiB,
});

export function generatorBudget(placement: Placement, overrides: BudgetOverrides = {}): Budget {
  return {
    ...budgetOf('generator', GENERATOR_MEMORY_MIB, placement, overrides),
    memoryMiB: overrides.generator?.memoryMiB ?? GENERATOR_MEMORY_MIB,
  };
}
