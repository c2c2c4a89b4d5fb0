/** What several requests of one session at once came to. */
import type { ConcurrencySummary } from '../../../record/summary.ts';
import {
  bad,
  type Field,
  hint,
  numbers,
  paragraph,
  section,
  strong,
  tableOf,
  words,
} from '../../document/build.ts';
import type { Section, Text } from '../../document/document.ts';
import { absent, formatCount, formatShare } from '../../words/format.ts';
import { noAnswerHint } from '../../words/latency.ts';
import type { StrategyView, View } from '../view.ts';
import { formatPercentile } from './percentile.ts';

interface Row extends StrategyView {
  readonly found: ConcurrencySummary;
}

/** Nothing where the scenario sends no pages. */
export function concurrencyPart({ measured }: View): Section[] {
  const rows = measured.flatMap((strategy): Row[] => {
    const found = strategy.summary.concurrency;
    return found ? [{ ...strategy, found }] : [];
  });
  if (rows.length === 0) return [];
  return [
    section(
      'concurrency',
      'Concurrency',
      'everywhere',
      paragraph(
        'Pages send several requests of one session at once. ',
        strong('Lost updates'),
        ' are acknowledged writes that another write of the page was put over: the session store contract (get, change a copy, set) promises nothing else, so they are a property and no wrong answer. ',
        strong('CAS'),
        ': how many of them a store that compares before it sets would have refused. ',
        strong('Undone logouts'),
        ': a write brought a logged-out session back, which is a wrong answer.',
      ),
      tableOf('Requests of one session at once', rows, fields),
      hint(
        'Over valid trials. Intervals are exact (Clopper-Pearson, 95 %). A page takes as long as its slowest request, counted from its intended start. A store that writes single values (redis-hash) loses the version number of such a write, and keeps the value that it wrote where the other write changed another one.',
      ),
      ...(rows.some(({ found }) => found.failed > 0) ? [hint(noAnswerHint)] : []),
    ),
  ];
}

const intervalText = (interval: ConcurrencySummary['lostShare']): string =>
  interval === null ? '' : ` (${formatShare(interval.low)} to ${formatShare(interval.high)})`;

const outOf = (hits: number, all: number): string => `${formatCount(hits)} of ${formatCount(all)}`;

const wrong = (hits: number, text: Text): Text => (hits > 0 ? bad(text) : text);

const fields: readonly Field<Row>[] = [
  [words('Strategy'), ({ shown }) => shown],
  [numbers('Pages', { reach: 'documents' }), ({ found }) => formatCount(found.pages)],
  [numbers('Lost updates', { short: 'lost' }), ({ found }) => outOf(found.lostUpdates, found.writes)],
  [
    numbers('Share of writes lost', { short: 'share' }),
    ({ found: { writes, lostUpdates, lostShare } }) =>
      writes === 0 ? absent : `${formatShare(lostUpdates / writes)}${intervalText(lostShare)}`,
  ],
  [numbers('Refused by CAS', { reach: 'documents' }), ({ found }) => formatCount(found.takenVersions)],
  [
    numbers('Undone logouts', { short: 'undone' }),
    ({ found: { undoneLogouts, logouts, undoneShare } }) => [
      wrong(undoneLogouts, outOf(undoneLogouts, logouts)),
      undoneLogouts > 0 ? intervalText(undoneShare) : '',
    ],
  ],
  [
    numbers('Old sessions after two logins', { reach: 'documents' }),
    ({ found: { survivedLogins, logins } }) => wrong(survivedLogins, outOf(survivedLogins, logins)),
  ],
  [
    numbers('Page p50', { short: 'p50 ms', unit: 'ms' }),
    ({ found }) => formatPercentile(found.p50Ms, found.pages, 50),
  ],
  [
    numbers('Page p99', { short: 'p99 ms', unit: 'ms' }),
    ({ found }) => formatPercentile(found.p99Ms, found.pages, 99),
  ],
];
