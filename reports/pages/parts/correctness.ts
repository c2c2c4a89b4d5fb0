/** Wrong answers, errors, and the counts of requests. */
import { sumOf } from '../../../record/common.ts';
import { bad, badge, numbers, paragraph, section, strong, table, words } from '../../document/build.ts';
import type { Section, Text } from '../../document/document.ts';
import { absent, formatCount, orAbsent } from '../../words/format.ts';
import type { StrategyView, View } from '../view.ts';

const violationNames = ['lost', 'stale', 'resurrected', 'crossed'] as const;
const errorNames = ['timeout', 'connection', 'server', 'protocol'] as const;

const columns = [
  words('Strategy'),
  ...[...violationNames, ...errorNames].map((name) => numbers(name)),
  numbers('Requests: generator'),
  numbers('balancer'),
  numbers('apps'),
];

export const correctnessPart = ({ strategies }: View): Section =>
  section(
    'correctness',
    'Wrong answers and errors',
    'documents',
    paragraph(
      'Every answer is checked. ',
      strong('lost'),
      ': a live session was gone. ',
      strong('stale'),
      ': an older version came back. ',
      strong('resurrected'),
      ': a logged-out session still worked. ',
      strong('crossed'),
      ": somebody else's session came back. Wrong answers and errors are of all trials, invalid ones included, so that none is hidden; requests are of valid trials, counted three times independently.",
    ),
    table('Wrong answers, errors and request counts', columns, strategies.map(row)),
  );

function row({ shown, summary }: StrategyView): Text[] {
  const { status, violations, errors, requests } = summary;
  const count = (value: number): Text => {
    if (status === 'not-measured') return absent;
    return value > 0 ? bad(formatCount(value)) : '0';
  };
  const agree = requests.generator === requests.balancer && requests.generator === requests.apps;
  const requestCount = (value: number | null): Text => {
    if (status !== 'valid') return absent;
    const text = orAbsent(value, formatCount);
    return agree || value === null ? text : bad(text);
  };
  return [
    sumOf(violations) > 0 ? [shown, ' ', badge('wrong answers')] : shown,
    ...violationNames.map((name) => count(violations[name])),
    ...errorNames.map((name) => count(errors[name])),
    requestCount(requests.generator),
    requestCount(requests.balancer),
    requestCount(requests.apps),
  ];
}
