/** The table that a person reads in the terminal when a run has ended. */
import Table from 'cli-table3';
import type { Metric } from '../record/metrics.ts';
import type { StrategySummary, Summary } from '../record/summary.ts';
import { capacityTable } from './capacity-table.ts';
import { inReadingOrder } from './order.ts';
import { servingCpu } from './summary.ts';
import { absent, formatCount, formatMiB, formatMicros, formatMs, orAbsent, sumOf } from './words/format.ts';
import { printable } from './words/printable.ts';

export interface TableOptions {
  /** Width of the terminal in characters; 80 unless told. */
  readonly columns?: number;
}

const headings = [
  'Strategy',
  'CPU µs',
  'p50 ms',
  'p99 ms',
  'app MiB',
  'store MiB',
  'wrong',
  'errors',
] as const;

const legend = 'CPU time per request; reads from their intended start; wrong answers of all.';
const lettersLegend = 'Strategies that share a letter in a column are not told apart by this run.';

/** Strategies by CPU time per request. A strategy without a valid trial has dashes and its status. */
export function summaryTable(summary: Summary, options: TableOptions = {}): string {
  if (summary.design.kind === 'search') return capacityTable(summary, summary.design, options);
  const columns = options.columns ?? process.stdout.columns ?? 80;
  const strategies = inReadingOrder(summary);
  const letters = lettersBy(summary);
  const rows = strategies.map((strategy) => cellsOf(strategy, letters));
  const table = framed(rows, columns);
  const foot = letters.size > 0 ? `${legend}\n${lettersLegend}` : legend;
  return `${table ?? rows.map(asParagraph).join('\n\n')}\n\n${foot}`;
}

/** Spaces between columns. */
const gap = 2;
const shortestName = 12;

/** Null where the table would be wider than the terminal. */
function framed(rows: readonly (readonly string[])[], columns: number): string | null {
  const widths = headings.map((heading, i) =>
    Math.max(heading.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const [nameWidth = 0, ...numberWidths] = widths;
  const room = columns - numberWidths.reduce((sum, width) => sum + gap + width, 0);
  if (room < Math.min(nameWidth, shortestName)) return null;
  const table = new Table({
    head: [...headings],
    colAligns: headings.map((_, i) => (i === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    chars: plainFrame,
  });
  for (const [name = '', ...numbers] of rows) table.push([shorten(name, room), ...numbers]);
  return table.toString();
}

/** A rule under the heading and nothing else: copies well into an issue. */
export const plainFrame = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  right: '',
  'right-mid': '',
  mid: '─',
  'mid-mid': '──',
  middle: '  ',
} as const;

const shorten = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 1)}…`;

/** Of each ranked metric and strategy; a ranking in which nothing is separated has none, since one letter says nothing. */
type Letters = ReadonlyMap<Metric, ReadonlyMap<string, string>>;

function lettersBy({ rankings }: Summary): Letters {
  const telling = rankings.filter(({ metric, allTied }) => !allTied && shownMetrics.includes(metric));
  return new Map(
    telling.map(({ metric, ranked }) => {
      const widest = Math.max(...ranked.map(({ letters }) => letters.length));
      return [metric, new Map(ranked.map((each) => [each.strategy, each.letters.padEnd(widest)]))];
    }),
  );
}

/** Those with a column. */
const shownMetrics: readonly Metric[] = ['cpuPerRequest', 'read.p50', 'read.p99'];

function cellsOf(strategy: StrategySummary, letters: Letters): string[] {
  const { read } = strategy.operations;
  const ranked = (metric: Metric, text: string): string => {
    const all = letters.get(metric);
    if (!all) return text;
    const width = [...all.values()][0]?.length ?? 0;
    return `${text} ${all.get(strategy.name) ?? ' '.repeat(width)}`;
  };
  const cpu = orAbsent(servingCpu(strategy.cpuMicrosPerRequest), formatMicros);
  return [
    printable(strategy.title),
    strategy.status === 'valid' ? ranked('cpuPerRequest', cpu) : strategy.status,
    ranked('read.p50', orAbsent(read?.p50Ms, formatMs)),
    ranked('read.p99', orAbsent(read?.p99Ms, formatMs)),
    orAbsent(strategy.memoryBytes.app, formatMiB),
    orAbsent(strategy.memoryBytes.store, formatMiB),
    tallyOf(strategy, strategy.violations),
    tallyOf(strategy, strategy.errors),
  ];
}

/** Counts need a trial, not a valid one: a wrong answer is never hidden. */
export function tallyOf(strategy: StrategySummary, classes: Readonly<Record<string, number>>): string {
  return strategy.status === 'not-measured' ? absent : formatCount(sumOf(classes));
}

/** For narrow terminals. */
function asParagraph([title = '', ...values]: readonly string[]): string {
  const rows = values.map((value, i) => `  ${(headings[i + 1] ?? '').padEnd(11)}${value}`.trimEnd());
  return [title, ...rows].join('\n');
}
