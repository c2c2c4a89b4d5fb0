import { absent, formatCount, orAbsent, sumOf } from '../../words/format.ts';
import { type Child, html, type Markup } from '../markup.ts';
import type { Model, StrategyView } from '../model.ts';
import { dataTable, named, numberColumn, section, textColumn } from '../parts.ts';

const violationNames = ['lost', 'stale', 'resurrected', 'crossed'] as const;
const errorNames = ['timeout', 'connection', 'server', 'protocol'] as const;

export function correctnessSection({ strategies }: Model): Markup {
  const columns = [
    textColumn('Strategy'),
    ...[...violationNames, ...errorNames].map((name) => numberColumn(name)),
    numberColumn('Requests: generator'),
    numberColumn('balancer'),
    numberColumn('apps'),
  ];
  return section(
    'correctness',
    'Wrong answers and errors',
    html`<p>Every answer is checked. <b>lost</b>: a live session was gone. <b>stale</b>: an older version came back. <b>resurrected</b>: a logged-out session still worked. <b>crossed</b>: somebody else's session came back. Wrong answers and errors are of all trials, invalid ones included, so that none is hidden; requests are of valid trials, counted three times independently.</p>`,
    dataTable('Wrong answers, errors and request counts', columns, strategies.map(row)),
  );
}

function row(strategy: StrategyView): Child[] {
  const { status, violations, errors, requests } = strategy.summary;
  const tried = status !== 'not-measured';
  const count = (value: number): Child => {
    if (!tried) return absent;
    return value > 0 ? html`<b class="bad">${formatCount(value)}</b>` : '0';
  };
  const agree = requests.generator === requests.balancer && requests.generator === requests.apps;
  const requestCount = (value: number | null): Child => {
    if (status !== 'valid') return absent;
    const text = orAbsent(value, formatCount);
    return agree || value === null ? text : html`<b class="bad">${text}</b>`;
  };
  const label =
    sumOf(violations) > 0
      ? html`${named(strategy)} <span class="status">wrong answers</span>`
      : named(strategy);
  return [
    label,
    ...violationNames.map((name) => count(violations[name])),
    ...errorNames.map((name) => count(errors[name])),
    requestCount(requests.generator),
    requestCount(requests.balancer),
    requestCount(requests.apps),
  ];
}
