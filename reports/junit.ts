/** `junit.xml`: one test case for each strategy, for CI servers that show test results. */

import type { Ranking, StrategySummary, Summary } from '../record/summary.ts';
import { errorsInWords } from './findings.ts';
import { formatClasses, sumOf } from './words/format.ts';
import { printable } from './words/printable.ts';

/**
 * A strategy with a wrong answer fails; one without a valid trial is an error; one that could not be measured is
 * skipped. Verdicts on pairs of strategies are told in the suite's `system-out`. Errors that requests met are told in `system-out` and fail nothing: how many are too many is the reader's.
 */
export function junit(summary: Summary): string {
  const cases = summary.strategies.map((strategy) => ({ strategy, outcome: outcomeOf(strategy) }));
  const count = (kind: Outcome['kind']): number =>
    cases.filter(({ outcome }) => outcome.kind === kind).length;
  const totals = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
  const name = escapeXml(`session-bench ${summary.scenario}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="session-bench" ${totals}>`,
    `  <testsuite name="${name}" ${totals} timestamp="${escapeXml(summary.startedAt)}">`,
    '    <properties>',
    `      <property name="run" value="${escapeXml(summary.runId)}"/>`,
    `      <property name="answer" value="${escapeXml(summary.answer)}"/>`,
    ...summary.rankings.map(
      (ranking) =>
        `      <property name="${escapeXml(`ranking ${ranking.metric}`)}" value="${escapeXml(rankingText(ranking))}"/>`,
    ),
    '    </properties>',
    ...cases.flatMap(({ strategy, outcome }) => testCase(name, summary, strategy, outcome)),
    ...verdictLines(summary),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** `sticky a, redis ab, postgres b`: best first; strategies that share a letter are not told apart. */
const rankingText = ({ ranked }: Ranking): string =>
  ranked.map(({ strategy, letters }) => `${strategy} ${letters}`).join(', ');

/** What is certain; no verdict fails a test, since strategies may differ. */
function verdictLines({ comparisons }: Summary): string[] {
  const certain = comparisons.filter(({ verdict }) => verdict !== 'INCONCLUSIVE');
  if (comparisons.length === 0) return [];
  const open = comparisons.length - certain.length;
  const text = [
    ...certain.map(({ verdict, sentence }) => `${verdict}: ${sentence}`),
    `${open} of ${comparisons.length} comparisons inconclusive`,
  ];
  return [`    <system-out>${escapeXml(text.join('\n'))}</system-out>`];
}

type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failure' | 'error' | 'skipped'; readonly message: string; readonly detail: string };

function outcomeOf(strategy: StrategySummary): Outcome {
  const detail = strategy.reasons
    .map(({ code, message, remedy }) => `${code}: ${message} ${remedy}`)
    .join('\n');
  if (sumOf(strategy.violations) > 0)
    return { kind: 'failure', message: `wrong answers: ${formatClasses(strategy.violations)}`, detail };
  if (strategy.status === 'invalid') return { kind: 'error', message: 'no valid trial', detail };
  if (strategy.status === 'not-measured') return { kind: 'skipped', message: 'not measured', detail };
  return { kind: 'passed' };
}

function testCase(suite: string, summary: Summary, strategy: StrategySummary, outcome: Outcome): string[] {
  const seconds = strategy.trials.valid * summary.plan.measureSeconds;
  const open = `    <testcase classname="${suite}" name="${escapeXml(strategy.name)}" time="${seconds}">`;
  const result =
    outcome.kind === 'passed'
      ? []
      : outcome.kind === 'skipped'
        ? [`      <skipped message="${escapeXml(`${outcome.message}: ${outcome.detail}`)}"/>`]
        : [
            `      <${outcome.kind} message="${escapeXml(outcome.message)}" type="${outcome.kind === 'failure' ? 'violation' : 'invalid'}">${escapeXml(outcome.detail)}</${outcome.kind}>`,
          ];
  const notes =
    sumOf(strategy.errors) > 0
      ? [
          `      <system-out>${escapeXml(`Requests without a usable answer: ${errorsInWords(strategy.errors)}.`)}</system-out>`,
        ]
      : [];
  return [open, ...result, ...notes, '    </testcase>'];
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\t': '&#9;',
  '\r': '&#13;',
};

export const escapeXml = (text: string): string =>
  printable(text).replace(/[&<>"'\n\t\r]/g, (character) => entities[character] ?? '');
