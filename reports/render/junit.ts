/** JUnit XML, for CI servers that show test results. docs/decisions/0012-junit.md has why it is written by hand. */
import type { Case, Document } from '../document/document.ts';
import { printable } from '../words/printable.ts';

export function junit({ suite, answer }: Document): string {
  const { cases, properties, notes } = suite;
  const count = (kind: Case['outcome']['kind']): number =>
    cases.filter(({ outcome }) => outcome.kind === kind).length;
  const totals = {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  };
  const told = [...properties, ['answer', answer.text] as const].map(([name, value]) =>
    element('property', { name, value }),
  );
  const content = [element('properties', {}, told), ...cases.map(caseElement), ...output(notes)];
  const attributes = { name: suite.name, ...totals, timestamp: suite.startedAt };
  const root = element('testsuites', { name: 'session-bench', ...totals }, [
    element('testsuite', attributes, content),
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.join('\n')}\n`;
}

type Lines = readonly string[];

function caseElement({ group, name, seconds, outcome, notes }: Case): Lines {
  return element('testcase', { classname: group, name, time: seconds }, [
    ...outcomeElement(outcome),
    ...output(notes),
  ]);
}

function outcomeElement(outcome: Case['outcome']): Lines[] {
  switch (outcome.kind) {
    case 'passed':
      return [];
    case 'skipped':
      return [element('skipped', { message: outcome.message })];
    case 'failure':
    case 'error':
      return [element(outcome.kind, { message: outcome.message, type: outcome.type }, outcome.detail)];
  }
}

const output = (notes: readonly string[]): Lines[] =>
  notes.length === 0 ? [] : [element('system-out', {}, notes.join('\n'))];

/** Text stays on the line of its tags, so that no space is added to it. */
function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: string | readonly Lines[] = '',
): Lines {
  const start = [
    name,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(String(value))}"`),
  ];
  if (content.length === 0) return [`<${start.join(' ')}/>`];
  if (typeof content === 'string') return [`<${start.join(' ')}>${escaped(content)}</${name}>`];
  return [`<${start.join(' ')}>`, ...content.flat().map((line) => `  ${line}`), `</${name}>`];
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

const escaped = (text: string): string =>
  printable(text).replace(/[&<>"'\n\t\r]/g, (character) => entities[character] ?? '');
