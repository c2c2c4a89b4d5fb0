/** A comparison as GitHub-flavoured Markdown, for a job summary or a pull request. */

import type { Comparison } from '../../record/gate.ts';
import { metricTitle } from '../words/metric.ts';
import { escaped, signs, table } from './by-hand.ts';
import { formatBudget, formatChange, formatSeen, formatValue, settingOf, verdictWords } from './words.ts';

const marks: Readonly<Record<Comparison['outcome'], string>> = {
  ok: '✅',
  regression: '🛑',
  inconclusive: '❔',
  invalid: '⚠️',
};

export function comparisonMarkdown(comparison: Comparison): string {
  return [
    '# session-bench: comparison',
    `${marks[comparison.outcome]} **${escaped(comparison.answer)}**`,
    ...(comparison.results.length > 0 ? [results(comparison)] : []),
    ...(comparison.answers.length > 0
      ? [comparison.answers.map(({ message }) => `- ${escaped(message)}.`).join('\n')]
      : []),
    escaped(settingOf(comparison)),
    ...findings(comparison),
    `<sub>Change: ratio of paired trials (Hodges–Lehmann) with its ${comparison.rule.confidence * 100} % interval. “Could see” is the smallest change that this run would have found with a chance of ${comparison.rule.power * 100} %. Method: docs/method.md.</sub>`,
    '',
  ].join('\n\n');
}

function results({ results: rows, baseline, candidate }: Comparison): string {
  return table(
    [
      'Strategy',
      'Metric',
      'Verdict',
      escaped(baseline.label),
      escaped(candidate.label),
      'Change',
      'Budget',
      'Could see',
    ],
    rows.map((result) => [
      escaped(result.strategy),
      metricTitle(result.metric),
      `${marks[result.outcome]} ${verdictWords(result)}`,
      formatValue(result.metric, result.values.baseline),
      formatValue(result.metric, result.values.candidate),
      formatChange(result),
      formatBudget(result.budget),
      formatSeen(result),
    ]),
    3,
  );
}

function findings({ findings: all }: Comparison): string[] {
  if (all.length === 0) return [];
  const label = { ...signs, alarm: '🛑 **Alarm**' };
  return [
    all
      .map(({ severity, message, remedy }) => `- ${label[severity]}: ${escaped(message)} ${escaped(remedy)}`)
      .join('\n'),
  ];
}
