/**
 * What can be full first: the limits of the machine and of the containers that a rate meets, each as cores that some tiers
 * share. A rate is carried while every limit has room for it.
 */
import { measuredServers } from '../../advice/sizing/tiers.ts';
import { type Tier, tiers } from '../../record/common.ts';
import type { OnPaper } from '../../record/on-paper.ts';
import type { RunRecord, ServiceBudget } from '../../record/run.ts';
import type { Prediction, Saturation } from '../../record/scaling.ts';

/** What is full first, at which rate. */
export type FirstLimit = Pick<Saturation, 'rate' | 'limit' | 'tiers' | 'cores'>;

export interface Costs {
  /** Of the strategy; null where nobody knows. */
  readonly onPaper: OnPaper | null;
  /** CPU time of each tier for an operation, in microseconds. */
  readonly cpuMicros: Prediction['cpuMicros'];
  readonly busiestOverMean: number;
  /** App processes. */
  readonly apps: number;
  /** Core numbers of each tier; tiers may share cores. */
  readonly cores: RunRecord['placement']['cores'];
  /** Empty where nothing is enforced. */
  readonly budgets: readonly ServiceBudget[];
}

interface Limit extends Omit<FirstLimit, 'rate'> {
  /** Of these tiers together, for an operation. */
  readonly micros: number;
}

/** The first limit that is full when the rate rises; null where operations cost nothing. */
export function firstLimit(costs: Costs): FirstLimit | null {
  const [first] = limitsOf(costs)
    .filter(({ micros, cores }) => micros > 0 && cores > 0)
    .map(({ micros, ...limit }) => ({ ...limit, rate: (limit.cores * 1e6) / micros }))
    // Of limits that are full at the same rate, the one that says most: it comes first.
    .toSorted((a, b) => a.rate - b.rate);
  return first ?? null;
}

const limitsOf = (costs: Costs): readonly Limit[] => [
  ...budgetLimits(costs),
  ...processLimits(costs),
  ...coreLimits(costs),
];

/**
 * Tiers that share cores can be full together, and tiers that share some of theirs too: whatever tiers are taken, they need no
 * more than the cores that one of them may use (Hall's condition; the fewest tiers first).
 */
const coreLimits = ({ cpuMicros, cores }: Costs): readonly Limit[] =>
  subsetsOf(tiers)
    .filter((some) => some.every((tier) => cpuMicros[tier] > 0))
    .toSorted((a, b) => a.length - b.length)
    .map((some) => ({
      limit: 'cores',
      tiers: [...some],
      cores: new Set(some.flatMap((tier) => cores[tier])).size,
      micros: some.reduce((sum, tier) => sum + cpuMicros[tier], 0),
    }));

/** All but the empty one. */
function subsetsOf(all: readonly Tier[]): readonly (readonly Tier[])[] {
  const [first, ...others] = all;
  if (first === undefined) return [];
  const without = subsetsOf(others);
  return [[first], ...without, ...without.map((subset) => [first, ...subset])];
}

/** CPU time that containers may use. That of apps cannot be lent to the busiest. */
const budgetLimits = ({ cpuMicros, budgets, busiestOverMean }: Costs): readonly Limit[] =>
  (['balancer', 'app', 'store'] as const).flatMap((tier): Limit[] => {
    const own = budgets.filter((budget) => budget.tier === tier);
    const cores = own.reduce((sum, { nodes, cpus }) => sum + nodes * cpus, 0);
    const uneven = tier === 'app' ? busiestOverMean : 1;
    return own.length === 0
      ? []
      : [{ limit: 'budget', tiers: [tier], cores, micros: cpuMicros[tier] * uneven }];
  });

/** Node.js runs an app's code in one thread, and so do some servers. */
function processLimits({ onPaper, cpuMicros, apps, busiestOverMean }: Costs): readonly Limit[] {
  const ofApps: Limit = {
    limit: 'processes',
    tiers: ['app'],
    cores: apps,
    micros: cpuMicros.app * busiestOverMean,
  };
  const store = coresOfStore(onPaper);
  return store === null
    ? [ofApps]
    : [ofApps, { limit: 'processes', tiers: ['store'], cores: store, micros: cpuMicros.store }];
}

/** Cores that the servers of a strategy can use, as it is measured; null where that is not known, or all there are. */
function coresOfStore(onPaper: OnPaper | null): number | null {
  const servers = onPaper?.traits?.servers ?? null;
  if (servers === null || servers.cores === null) return null;
  const measured = measuredServers(servers);
  return servers.cores * measured.servers * measured.copies;
}
