/** The metrics that can be compared, by the names that budgets, tables and summary.json use. */
import { type OperationName, operationNames, type Tier, tiers } from './common.ts';

/** `p99` counts from the intended start of an operation, `serviceP99` from its first byte sent. */
export const latencyStatistics = [
  'p50',
  'p90',
  'p99',
  'p999',
  'serviceP50',
  'serviceP99',
  'serviceP999',
] as const;
export type LatencyStatistic = (typeof latencyStatistics)[number];

export type LatencyMetric = `${OperationName}.${LatencyStatistic}`;
export type CpuMetric = 'cpuPerRequest' | `cpuPerRequest.${Tier}`;
export type MemoryMetric = 'memory.app' | 'memory.store';
export type RateMetric = 'achievedRate' | 'capacity';
/** A count and no time: the same code gives the same value on any machine, however busy. */
export type CountMetric = 'storeCommandsPerRequest';
export type Metric = LatencyMetric | CpuMetric | MemoryMetric | RateMetric | CountMetric;

export const latencyMetrics: readonly LatencyMetric[] = operationNames.flatMap((operation) =>
  latencyStatistics.map((statistic) => `${operation}.${statistic}` as const),
);
const latencies: ReadonlySet<string> = new Set(latencyMetrics);
export const isLatency = (metric: Metric): metric is LatencyMetric => latencies.has(metric);
export const cpuMetrics: readonly CpuMetric[] = [
  'cpuPerRequest',
  ...tiers.map((tier) => `cpuPerRequest.${tier}` as const),
];

/** Every metric that there is. */
export const metricNames: readonly [Metric, ...Metric[]] = [
  'achievedRate',
  'capacity',
  ...latencyMetrics,
  ...cpuMetrics,
  'memory.app',
  'memory.store',
  'storeCommandsPerRequest',
];

const known: ReadonlySet<string> = new Set(metricNames);
export const isMetric = (name: string): name is Metric => known.has(name);

/** Which direction is good. */
export const better = (metric: Metric): 'lower' | 'higher' =>
  metric === 'achievedRate' || metric === 'capacity' ? 'higher' : 'lower';
