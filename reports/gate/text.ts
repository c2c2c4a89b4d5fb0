/** What a person reads in the terminal when a comparison has ended. */
import Table from 'cli-table3';
import type { Comparison, ComparisonResult } from '../../record/gate.ts';
import { metricTitle } from '../words/metric.ts';
import { printable } from '../words/printable.ts';
import { plainFrame } from './by-hand.ts';
import { formatBudget, formatChange, formatSeen, formatValue, settingOf, verdictWords } from './words.ts';

const headings = ['Strategy', 'Metric', 'Before', 'After', 'Change (95 %)', 'Budget', 'Could see', 'Verdict'];
const numbers = new Set(['Before', 'After', 'Change (95 %)', 'Budget', 'Could see']);

export interface TextOptions {
  /** Width of the terminal in characters; 80 where it is not known. */
  readonly columns?: number;
}

/** The answer, a row for each budget, and what a reader should know. */
export function comparisonText(comparison: Comparison, options: TextOptions = {}): string {
  const columns = options.columns ?? process.stdout.columns ?? 80;
  const notes = comparison.findings.map(
    ({ severity, message, remedy }) =>
      `${severity === 'note' ? '·' : '!'} ${printable(`${message} ${remedy}`)}`,
  );
  return [
    `${printable(comparison.answer)}\n`,
    ...(comparison.results.length > 0 ? [`${resultsText(comparison, columns)}\n`] : []),
    ...comparison.answers.map(({ message }) => printable(`${message}.`)),
    printable(settingOf(comparison)),
    ...notes,
  ].join('\n');
}

const cellsOf = (result: ComparisonResult): string[] => [
  printable(result.strategy),
  metricTitle(result.metric),
  formatValue(result.metric, result.values.baseline),
  formatValue(result.metric, result.values.candidate),
  formatChange(result),
  formatBudget(result.budget),
  formatSeen(result),
  verdictWords(result),
];

/** A table, or paragraphs where it would be wider than the terminal. */
function resultsText({ results, rule }: Comparison, columns: number): string {
  const head = headings.map((heading) => heading.replace('95', String(rule.confidence * 100)));
  const rows = results.map(cellsOf);
  const table = new Table({
    head,
    colAligns: headings.map((heading) => (numbers.has(heading) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    chars: plainFrame,
  });
  table.push(...rows);
  const text = table.toString();
  if (Math.max(...text.split('\n').map((line) => line.length)) <= columns) return text;
  return rows.map((cells) => asParagraph(head, cells)).join('\n');
}

function asParagraph(head: readonly string[], cells: readonly string[]): string {
  const [strategy, metric] = cells;
  const values = head.slice(2, -1).map((heading, i) => `  ${heading.padEnd(15)}${cells[i + 2] ?? ''}`);
  return [`${strategy}, ${metric}: ${cells.at(-1)}`, ...values].join('\n');
}
