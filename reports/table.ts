/** The table that a person reads in the terminal when a run has ended. */
import Table from 'cli-table3';
import { capacityTable } from './capacity-table.ts';
import { absent, formatCount, formatMiB, formatMicros, formatMs, orAbsent, sumOf } from './format.ts';
import { inReadingOrder } from './order.ts';
import type { StrategySummary, Summary } from './schema/summary.ts';
import { servingCpu } from './summary.ts';
import { printable } from './text.ts';

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

/** Strategies by CPU time per request. A strategy without a valid trial has dashes and its status. */
export function summaryTable(summary: Summary, options: TableOptions = {}): string {
  if (summary.capacity) return capacityTable(summary, options);
  const columns = options.columns ?? process.stdout.columns ?? 80;
  const strategies = inReadingOrder(summary.strategies);
  const table = framed(strategies.map(cellsOf), columns);
  return `${table ?? strategies.map(asParagraph).join('\n\n')}\n\n${legend}`;
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

function cellsOf(strategy: StrategySummary): string[] {
  const { read } = strategy.operations;
  return [
    printable(strategy.title),
    strategy.status === 'valid'
      ? orAbsent(servingCpu(strategy.cpuMicrosPerRequest), formatMicros)
      : strategy.status,
    orAbsent(read?.p50Ms, formatMs),
    orAbsent(read?.p99Ms, formatMs),
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
function asParagraph(strategy: StrategySummary): string {
  const [title = '', ...values] = cellsOf(strategy);
  const rows = values.map((value, i) => `  ${(headings[i + 1] ?? '').padEnd(11)}${value}`);
  return [title, ...rows].join('\n');
}
