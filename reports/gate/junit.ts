/** A comparison as JUnit XML: one test case for each budget and for the answers of each strategy. */

import type { Comparison } from '../../record/gate.ts';
import { metricTitle } from '../words/metric.ts';
import { escapeXml } from './by-hand.ts';
import { formatBudget } from './words.ts';

interface Case {
  readonly strategy: string;
  readonly name: string;
  readonly outcome: Comparison['outcome'];
  readonly message: string;
}

/**
 * A regression fails, what could not be judged is an error, and what stayed open is skipped: whether that fails the job
 * is said by the exit code. A comparison that judged nothing at all is one error.
 */
export function comparisonJunit(comparison: Comparison): string {
  const cases = casesOf(comparison);
  const count = (outcome: Case['outcome']): number => cases.filter((each) => each.outcome === outcome).length;
  const totals = `tests="${cases.length}" failures="${count('regression')}" errors="${count('invalid')}" skipped="${count('inconclusive')}"`;
  const suite = escapeXml(`session-bench compare ${comparison.scenario}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="session-bench" ${totals}>`,
    `  <testsuite name="${suite}" ${totals} timestamp="${escapeXml(comparison.candidate.startedAt)}">`,
    '    <properties>',
    `      <property name="baseline" value="${escapeXml(comparison.baseline.label)}"/>`,
    `      <property name="candidate" value="${escapeXml(comparison.candidate.label)}"/>`,
    `      <property name="answer" value="${escapeXml(comparison.answer)}"/>`,
    '    </properties>',
    ...cases.map((each) => testCase(each)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function casesOf({ results, answers, answer }: Comparison): readonly Case[] {
  const all: Case[] = [
    ...results.map(({ strategy, metric, budget, outcome, message }) => ({
      strategy,
      name: `${metricTitle(metric)} within ${formatBudget(budget)}`,
      outcome,
      message,
    })),
    ...answers.map(({ strategy, outcome, message }) => ({ strategy, name: 'answers', outcome, message })),
  ];
  return all.length > 0
    ? all
    : [{ strategy: 'all', name: 'comparison', outcome: 'invalid', message: answer }];
}

function testCase({ strategy, name, outcome, message }: Case): string {
  const open = `    <testcase classname="${escapeXml(strategy)}" name="${escapeXml(name)}"`;
  const text = escapeXml(message);
  switch (outcome) {
    case 'ok':
      return `${open}><system-out>${text}</system-out></testcase>`;
    case 'regression':
      return `${open}><failure message="${text}" type="regression"/></testcase>`;
    case 'invalid':
      return `${open}><error message="${text}" type="invalid"/></testcase>`;
    case 'inconclusive':
      return `${open}><skipped message="${text}"/></testcase>`;
  }
}
