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

const statisticTitles: Readonly<Record<LatencyStatistic, string>> = {
  p50: 'p50',
  p90: 'p90',
  p99: 'p99',
  p999: 'p99.9',
  serviceP50: 'service-time p50',
  serviceP99: 'service-time p99',
  serviceP999: 'service-time p99.9',
};

/** How a metric is spoken of. */
export type Wording =
  /** `Redis's read p50 is 5 % lower than PostgreSQL's` */
  | { readonly kind: 'property'; readonly noun: string; readonly more: string; readonly less: string }
  /** `Redis uses 5 % less CPU per request than PostgreSQL` */
  | {
      readonly kind: 'activity';
      readonly verb: string;
      readonly noun: string;
      /** Of what is counted `many`: 2 times as many commands. */
      readonly quantity: 'much' | 'many';
    };

function isLatency(metric: Metric): metric is LatencyMetric {
  return operationNames.some((operation) => metric.startsWith(`${operation}.`));
}

function latencyNoun(metric: LatencyMetric): string {
  const statistic = latencyStatistics.find((each) => metric.endsWith(`.${each}`)) ?? 'p50';
  return `${metric.slice(0, metric.indexOf('.'))} ${statisticTitles[statistic]}`;
}

export function wording(metric: Metric): Wording {
  if (isLatency(metric))
    return { kind: 'property', noun: latencyNoun(metric), more: 'higher', less: 'lower' };
  switch (metric) {
    case 'achievedRate':
      return { kind: 'property', noun: 'achieved rate', more: 'higher', less: 'lower' };
    case 'capacity':
      return { kind: 'property', noun: 'capacity', more: 'higher', less: 'lower' };
    case 'memory.app':
    case 'memory.store':
      return {
        kind: 'activity',
        verb: 'uses',
        noun: `memory in the ${metric.slice('memory.'.length)}`,
        quantity: 'much',
      };
    case 'storeCommandsPerRequest':
      return { kind: 'activity', verb: 'sends', noun: 'store commands per request', quantity: 'many' };
    case 'cpuPerRequest':
      return { kind: 'activity', verb: 'uses', noun: 'CPU per request', quantity: 'much' };
    default:
      return {
        kind: 'activity',
        verb: 'uses',
        noun: `CPU per request in the ${metric.slice('cpuPerRequest.'.length)}`,
        quantity: 'much',
      };
  }
}

/** For axes and tables: `read p99`, `CPU per request in the app`. */
export const metricTitle = (metric: Metric): string => wording(metric).noun;
