/** How metrics are spoken of. Their names are the record's. */
import {
  isLatency,
  type LatencyMetric,
  type LatencyStatistic,
  latencyStatistics,
  type Metric,
} from '../../record/metrics.ts';

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
