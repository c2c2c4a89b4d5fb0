/** What each container may use: the same for every strategy, enforced by the engine. */
import type { Placement, Tier } from '../../runtime.ts';

/** Node.js' heap, code and buffers. */
export const APP_MEMORY_MIB = 512;
export const BALANCER_MEMORY_MIB = 256;
const GENERATOR_MEMORY_MIB = 2048;

/** What a person may set otherwise: less than the cores' whole time, or another limit of memory. */
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

export function generatorBudget(placement: Placement, overrides: BudgetOverrides = {}): Budget {
  return {
    ...budgetOf('generator', GENERATOR_MEMORY_MIB, placement, overrides),
    memoryMiB: overrides.generator?.memoryMiB ?? GENERATOR_MEMORY_MIB,
  };
}
