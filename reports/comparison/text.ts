/** What a person reads in the terminal when a comparison has ended. */
import Table from 'cli-table3';
import type { Comparison } from '../schema/comparison.ts';
import { metricTitle } from '../statistics/metrics.ts';
import { plainFrame } from '../table.ts';
import { printable } from '../text.ts';
import { formatBudget, formatChange, formatSeen, formatValue, settingOf, verdictWords } from './words.ts';

const headings = ['Strategy', 'Metric', 'Before', 'After', 'Change (95 %)', 'Budget', 'Could see', 'Verdict'];
const numbers = new Set(['Before', 'After', 'Change (95 %)', 'Budget', 'Could see']);

/** The answer, a row for each budget, and what a reader should know. */
export function comparisonText(comparison: Comparison): string {
  const notes = comparison.findings.map(
    ({ severity, message, remedy }) =>
      `${severity === 'note' ? '·' : '!'} ${printable(`${message} ${remedy}`)}`,
  );
  return [
    `${printable(comparison.answer)}\n`,
    ...(comparison.results.length > 0 ? [`${table(comparison)}\n`] : []),
    ...comparison.answers.map(({ message }) => printable(`${message}.`)),
    printable(settingOf(comparison)),
    ...notes,
  ].join('\n');
}

function table({ results, rule }: Comparison): string {
  const rows = new Table({
    head: headings.map((heading) => heading.replace('95', String(rule.confidence * 100))),
    colAligns: headings.map((heading) => (numbers.has(heading) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    chars: plainFrame,
  });
  for (const result of results)
    rows.push([
      printable(result.strategy),
      metricTitle(result.metric),
      formatValue(result.metric, result.values.baseline),
      formatValue(result.metric, result.values.candidate),
      formatChange(result),
      formatBudget(result.budget),
      formatSeen(result),
      verdictWords(result),
    ]);
  return rows.toString();
}
