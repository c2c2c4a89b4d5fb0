/** All strategies in one table. */
import { sumOf } from '../../../record/common.ts';
import type { Latency } from '../../../record/latency.ts';
import type { Metric } from '../../../record/metrics.ts';
import type { StrategySummary } from '../../../record/summary.ts';
import {
  bad,
  badge,
  type Field,
  hint,
  letters,
  numbers,
  section,
  strong,
  tableOf,
  words,
} from '../../document/build.ts';
import type { Reach, Section, Text } from '../../document/document.ts';
import { servingCpu } from '../../facts/cpu.ts';
import type { Facts } from '../../facts/facts.ts';
import { absent, formatCount, formatMiB, formatMicros, formatRatio, orAbsent } from '../../words/format.ts';
import type { StrategyView, View } from '../view.ts';
import { formatPercentile } from './percentile.ts';

export interface OverviewWords {
  readonly heading: string;
  readonly reach: Reach;
  /** What is first, and what can be set side by side. */
  readonly order: string;
  /** Columns behind the others. */
  readonly more: readonly Field<StrategyView>[];
}

export function overviewPart(
  { facts, strategies }: View,
  { heading, reach, order, more }: OverviewWords,
): Section {
  const costs = strategies.map(({ summary }) => servingCpu(summary.cpuMicrosPerRequest));
  const least = Math.min(...costs.filter((cost) => cost !== null));
  const tied = facts.rankings.every(({ allTied }) => allTied);
  return section(
    'overview',
    heading,
    reach,
    tableOf('All strategies', strategies, [...fieldsOf(facts, least), ...more]),
    hint(
      `${order} CPU time is of balancer, app and store together; percentiles come from the merged histograms of all valid trials and count from the intended start of each read.`,
    ),
    ...(tied ? [] : [hint('Strategies that share a letter in a column are not told apart by this run.')]),
  );
}

const states = { failed: 'failed', invalid: 'invalid', 'not-measured': 'not measured' } as const;

function fieldsOf(facts: Facts, least: number): Field<StrategyView>[] {
  const ranked = (strategy: StrategySummary, metric: Metric, text: Text): Text => [
    text,
    lettersOf(facts, strategy, metric),
  ];
  const read = (
    name: 'p50' | 'p99',
    value: (read: OperationSummary) => Latency,
    at: number,
  ): Field<StrategyView> => [
    numbers(`Read ${name}`, { short: `${name} ms`, unit: 'ms' }),
    ({ summary }) => {
      const found = summary.operations.read;
      if (!found) return absent;
      return ranked(summary, `read.${name}`, formatPercentile(value(found), found.count, at));
    },
  ];
  const memory = (tier: 'app' | 'store'): Field<StrategyView> => [
    numbers(`Memory ${tier}`, { short: `${tier} MiB`, unit: 'MiB', narrow: 'drop' }),
    ({ summary }) => orAbsent(summary.memoryBytes[tier], formatMiB),
  ];
  return [
    [words('Strategy'), ({ shown }) => shown],
    [
      numbers('CPU per request', { short: 'CPU µs', unit: 'µs' }),
      ({ summary }) => {
        if (summary.status !== 'valid') return badge(states[summary.status]);
        const cpu = servingCpu(summary.cpuMicrosPerRequest);
        return cpu === null ? absent : ranked(summary, 'cpuPerRequest', strong(formatMicros(cpu)));
      },
    ],
    [
      numbers('× least', { reach: 'documents' }),
      ({ summary }) =>
        orAbsent(servingCpu(summary.cpuMicrosPerRequest), (cpu) =>
          least > 0 ? formatRatio(cpu / least) : absent,
        ),
    ],
    read('p50', ({ p50Ms }) => p50Ms, 50),
    read('p99', ({ p99Ms }) => p99Ms, 99),
    memory('app'),
    memory('store'),
    [numbers('Wrong answers', { short: 'wrong' }), ({ summary }) => tally(summary.violations)],
    [numbers('Errors', { short: 'errors' }), ({ summary }) => tally(summary.errors)],
    [
      numbers('Valid trials', { reach: 'documents' }),
      ({ summary: { status, trials } }) =>
        status === 'not-measured'
          ? absent
          : `${formatCount(trials.valid)} of ${formatCount(trials.valid + trials.invalid)}`,
    ],
  ];
}

type OperationSummary = NonNullable<StrategySummary['operations']['read']>;

/** Letters of the ranking beside a number; none where nothing is separated, since one letter for all says nothing. */
function lettersOf({ rankings }: Facts, { name }: StrategySummary, metric: Metric): Text {
  const ranking = rankings.find((each) => each.metric === metric);
  if (!ranking || ranking.allTied) return '';
  const widest = Math.max(...ranking.ranked.map((each) => each.letters.length));
  const own = ranking.ranked.find(({ strategy }) => strategy === name)?.letters ?? '';
  return [' ', letters(own.padEnd(widest))];
}

/** Counts need a trial that tells of them, not a valid one: a wrong answer is never hidden. */
export function tally(classes: Readonly<Record<string, number>> | null): Text {
  if (classes === null) return absent;
  const sum = sumOf(classes);
  return sum > 0 ? bad(formatCount(sum)) : '0';
}
