/** All strategies in one table. */
import { sumOf } from '../../../record/common.ts';
import type { Metric } from '../../../record/metrics.ts';
import type { StrategySummary } from '../../../record/summary.ts';
import { bad, badge, hint, letters, numbers, section, strong, table, words } from '../../document/build.ts';
import type { Reach, Section, Text } from '../../document/document.ts';
import { servingCpu } from '../../facts/cpu.ts';
import type { Facts } from '../../facts/facts.ts';
import { isThin } from '../../facts/merged.ts';
import {
  absent,
  formatCount,
  formatMiB,
  formatMicros,
  formatMs,
  formatRatio,
  orAbsent,
} from '../../words/format.ts';
import type { StrategyView, View } from '../view.ts';

export interface OverviewWords {
  readonly heading: string;
  readonly reach: Reach;
  /** What is first, and what can be set side by side. */
  readonly order: string;
}

const columns = [
  words('Strategy'),
  numbers('CPU per request', { short: 'CPU µs', unit: 'µs' }),
  numbers('× least', { reach: 'documents' }),
  numbers('Read p50', { short: 'p50 ms', unit: 'ms' }),
  numbers('Read p99', { short: 'p99 ms', unit: 'ms' }),
  numbers('Memory app', { short: 'app MiB', unit: 'MiB' }),
  numbers('Memory store', { short: 'store MiB', unit: 'MiB' }),
  numbers('Wrong answers', { short: 'wrong' }),
  numbers('Errors', { short: 'errors' }),
  numbers('Valid trials', { reach: 'documents' }),
];

export function overviewPart({ facts, strategies }: View, { heading, reach, order }: OverviewWords): Section {
  const costs = strategies.map(({ summary }) => servingCpu(summary.cpuMicrosPerRequest));
  const least = Math.min(...costs.filter((cost) => cost !== null));
  const tied = facts.rankings.every(({ allTied }) => allTied);
  return section(
    'overview',
    heading,
    reach,
    table(
      'All strategies',
      columns,
      strategies.map((strategy) => row(facts, strategy, least)),
    ),
    hint(
      `${order} CPU time is of balancer, app and store together; percentiles come from the merged histograms of all valid trials and count from the intended start of each read.`,
    ),
    ...(tied ? [] : [hint('Strategies that share a letter in a column are not told apart by this run.')]),
  );
}

const states = { invalid: 'invalid', 'not-measured': 'not measured' } as const;

function row(facts: Facts, { summary, shown }: StrategyView, least: number): Text[] {
  const { read } = summary.operations;
  const cpu = servingCpu(summary.cpuMicrosPerRequest);
  const at = (milliseconds: number, percentile: number): string =>
    `${read && isThin(read.count, percentile) ? '~' : ''}${formatMs(milliseconds)}`;
  const ranked = (metric: Metric, text: Text): Text => [text, lettersOf(facts, summary, metric)];
  return [
    shown,
    summary.status !== 'valid'
      ? badge(states[summary.status])
      : cpu === null
        ? absent
        : ranked('cpuPerRequest', strong(formatMicros(cpu))),
    cpu === null || !(least > 0) ? absent : formatRatio(cpu / least),
    read ? ranked('read.p50', at(read.p50Ms, 50)) : absent,
    read ? ranked('read.p99', at(read.p99Ms, 99)) : absent,
    orAbsent(summary.memoryBytes.app, formatMiB),
    orAbsent(summary.memoryBytes.store, formatMiB),
    tally(summary, summary.violations),
    tally(summary, summary.errors),
    summary.status === 'not-measured'
      ? absent
      : `${formatCount(summary.trials.valid)} of ${formatCount(summary.trials.valid + summary.trials.invalid)}`,
  ];
}

/** Letters of the ranking beside a number; none where nothing is separated, since one letter for all says nothing. */
function lettersOf({ rankings }: Facts, { name }: StrategySummary, metric: Metric): Text {
  const ranking = rankings.find((each) => each.metric === metric);
  if (!ranking || ranking.allTied) return '';
  const widest = Math.max(...ranking.ranked.map((each) => each.letters.length));
  const own = ranking.ranked.find(({ strategy }) => strategy === name)?.letters ?? '';
  return [' ', letters(own.padEnd(widest))];
}

/** Counts need a trial, not a valid one: a wrong answer is never hidden. */
export function tally({ status }: StrategySummary, classes: Readonly<Record<string, number>>): Text {
  if (status === 'not-measured') return absent;
  const sum = sumOf(classes);
  return sum > 0 ? bad(formatCount(sum)) : '0';
}
