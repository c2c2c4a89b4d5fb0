/** The table of capacities that a person reads in the terminal. */
import Table from 'cli-table3';
import type { CapacityAnswer } from '../record/search.ts';
import type { StrategySummary, Summary } from '../record/summary.ts';
import {
  byCapacity,
  capacityInWords,
  capacityOf,
  type limitInWords,
  promiseExplained,
  type SearchSummary,
} from './capacity.ts';
import { plainFrame, type TableOptions, tallyOf } from './table.ts';
import { absent, formatCount, orAbsent } from './words/format.ts';
import { printable } from './words/printable.ts';

const headings = ['Strategy', 'requests/s', 'interval', 'limit', 'trials', 'wrong'] as const;

export function capacityTable(summary: Summary, design: SearchSummary, options: TableOptions = {}): string {
  const columns = options.columns ?? process.stdout.columns ?? 80;
  const rows = [...summary.strategies]
    .sort(byCapacity(summary))
    .map((strategy) => cellsOf(strategy, capacityOf(summary, strategy.name)));
  const table = new Table({
    head: [...headings],
    colAligns: ['left', 'right', 'right', 'left', 'right', 'right'],
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    chars: plainFrame,
  });
  table.push(...rows);
  const framed = table.toString();
  const fits = framed.split('\n').every((line) => line.length <= columns);
  return `${fits ? framed : rows.map(asParagraph).join('\n\n')}\n\n${legendOf(design, columns)}`;
}

function legendOf({ promise, confidence }: SearchSummary, width: number): string {
  return wrapped(
    `The highest rate at which ${promiseExplained(promise)}, and no answer is wrong. The interval holds it with ${confidence * 100} % confidence.`,
    width,
  );
}

const wrapped = (text: string, width: number): string =>
  text.replace(new RegExp(`(.{1,${Math.max(20, width)}})(?: +|$)`, 'g'), '$1\n').trimEnd();

const shortLimits = {
  strategy: 'strategy',
  generator: 'generator',
  'none-passed': 'none kept',
  'all-passed': 'none met',
  unknown: 'not found',
} as const satisfies Record<keyof typeof limitInWords, string>;

function cellsOf(strategy: StrategySummary, answer: CapacityAnswer | null): string[] {
  const title = printable(strategy.title);
  if (!answer)
    return [
      title.slice(0, 24),
      strategy.status === 'valid' ? absent : strategy.status,
      absent,
      absent,
      absent,
      absent,
    ];
  const words = capacityInWords(answer);
  return [
    title.slice(0, 24),
    answer.rate === null
      ? orAbsent(words, (text) => text.replace('at least', '≥').replace('less than', '<'))
      : formatCount(answer.rate),
    answer.rate === null ? absent : (words ?? absent),
    shortLimits[answer.limit],
    formatCount(answer.trials),
    tallyOf(strategy, strategy.violations),
  ];
}

/** For narrow terminals. */
function asParagraph([title = '', ...values]: readonly string[]): string {
  return [title, ...values.map((value, i) => `  ${(headings[i + 1] ?? '').padEnd(11)}${value}`)].join('\n');
}
