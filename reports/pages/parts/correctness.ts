/** Wrong answers, errors, and the counts of requests. */
import { sumOf } from '../../../record/common.ts';
import { countsAgree, givenUp } from '../../../record/request-counts.ts';
import type { StrategySummary } from '../../../record/summary.ts';
import {
  bad,
  badge,
  type Field,
  numbers,
  paragraph,
  section,
  strong,
  tableOf,
  words,
} from '../../document/build.ts';
import type { Section } from '../../document/document.ts';
import { absent, formatCount, orAbsent } from '../../words/format.ts';
import type { StrategyView, View } from '../view.ts';

const violationNames = ['lost', 'stale', 'resurrected', 'crossed'] as const;
const errorNames = ['timeout', 'connection', 'server', 'protocol'] as const;

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
      ": somebody else's session came back. Wrong answers and errors are of all trials, invalid ones included, so that none is hidden; requests are of valid trials, counted three times independently; those that the balancer answered itself, for want of an app that was up, reached no app.",
    ),
    tableOf('Wrong answers, errors and request counts', strategies, fields),
  );

const count = (
  name: string,
  value: (summary: StrategySummary) => number | undefined,
): Field<StrategyView> => [
  numbers(name),
  ({ summary }) => {
    const found = value(summary);
    if (found === undefined) return absent;
    return found > 0 ? bad(formatCount(found)) : '0';
  },
];

const requests = (name: string, by: keyof StrategySummary['requests']): Field<StrategyView> => [
  numbers(name),
  ({ summary: { status, requests: counts, errors } }) => {
    if (status !== 'valid' && status !== 'failed') return absent;
    const text = orAbsent(counts[by], formatCount);
    const { generator, balancer, apps, byBalancer } = counts;
    const agree =
      generator === null ||
      balancer === null ||
      apps === null ||
      errors === null ||
      countsAgree({ generator, balancer, apps, byBalancer }, givenUp([{ errors }]));
    return agree || counts[by] === null ? text : bad(text);
  },
];

const fields: readonly Field<StrategyView>[] = [
  [
    words('Strategy'),
    ({ shown, summary }) => (sumOf(summary.violations) > 0 ? [shown, ' ', badge('wrong answers')] : shown),
  ],
  ...violationNames.map((name) => count(name, ({ violations }) => violations?.[name])),
  ...errorNames.map((name) => count(name, ({ errors }) => errors?.[name])),
  requests('Requests: generator', 'generator'),
  requests('balancer', 'balancer'),
  requests('of them by itself', 'byBalancer'),
  requests('apps', 'apps'),
];
