/** The self-test as a document: a row for each slowdown. */
import { counted } from '../../record/counted.ts';
import type { SelftestComparison, SelftestRecord, SlowKind } from '../../record/selftest.ts';
import { emptySuite, hint, numbers, section, table, words } from '../document/build.ts';
import type { Column, Document } from '../document/document.ts';
import { inFewWords } from '../words/brief.ts';
import { absent, formatCount, formatMicros } from '../words/format.ts';
import { metricTitle } from '../words/metric.ts';
import { type Tally, tallies } from './tally.ts';

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

/** `+10 % CPU per request` */
export const addedWords = ({ slow, addedShare }: Pick<SelftestComparison, 'slow' | 'addedShare'>): string =>
  addedShare === 0 ? 'nothing (A/A)' : `+${percent(addedShare)} ${slowWords[slow]}`;

/** What is added to. */
export const slowWords: Readonly<Record<SlowKind, string>> = {
  cpu: 'CPU per request',
  latency: 'read latency',
};

const columns = ({ budgets }: SelftestRecord): Column[] => [
  words('Candidate has'),
  numbers('Comparisons'),
  numbers('Regression'),
  numbers('No regression'),
  numbers('of them better'),
  numbers('Inconclusive'),
  numbers('Invalid'),
  numbers('Called different (95 %)'),
  ...budgets.map(({ metric }) => numbers(`Seen in ${metricTitle(metric)}`)),
];

function rowOf(tally: Tally): string[] {
  const { low, high } = tally.interval;
  return [
    addedWords(tally),
    ...[tally.comparisons, tally.regression, tally.ok, tally.better, tally.inconclusive, tally.invalid].map(
      String,
    ),
    tally.judged === 0
      ? absent
      : `${tally.called} of ${tally.judged}: ${percent(tally.called / tally.judged)} (${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)})`,
    ...tally.seen.map(({ ratio }) => (ratio === null ? absent : signedChange(ratio))),
  ];
}

const signedChange = (ratio: number): string => {
  const change = (ratio - 1) * 100;
  return `${change < 0 ? '−' : '+'}${Math.abs(change).toFixed(1)} %`;
};

/** When, where and with what, in two sentences. */
export function circumstances(record: SelftestRecord): string {
  const { host, strategy, scenario, rate, blocks, measureSeconds, budgets } = record;
  const took = (micros: number | null): string => (micros === null ? absent : `${formatMicros(micros)} µs`);
  const held = budgets.map(({ metric, share }) => `${metricTitle(metric)} ${percent(share)}`).join(', ');
  return (
    `Made on ${record.startedAt.slice(0, 10)} on ${host.cpuModel}, ${counted(host.cores, 'core')}, ${host.os} (${host.virtualization}), ${record.runtime}, ` +
    `at commit ${record.tool.commit?.slice(0, 7) ?? 'unknown'}${record.tool.dirty === true ? ' with changes' : ''}: ` +
    `${strategy}, ${scenario} at ${rate === null ? 'no rate' : `${formatCount(rate)}/s`}, ${counted(blocks, 'pair')} of ${measureSeconds} s a comparison, budgets ${held}. ` +
    `Serving one request took ${took(record.baselineMicros)} of CPU time, and a read ${took(record.baselineReadMicros)} (median), before anything was added.`
  );
}

/** @param earlier self-tests whose comparisons are counted too */
export function selftestPage(record: SelftestRecord, earlier: readonly SelftestRecord[] = []): Document {
  const together = [...earlier, record].flatMap(({ comparisons }) => comparisons);
  const all = tallies({ ...record, comparisons: together });
  return {
    title: 'session-bench: self-test',
    subject: '',
    answer: { text: answerOf(all, howItEnded(record)), tone: 'plain' },
    details: earlier.length === 0 ? [] : [addedUp(record, earlier)],
    setting: circumstances(record),
    sections: [
      section(
        'tallies',
        'Verdicts',
        'everywhere',
        table('Verdicts by what the candidate has', columns(record), all.map(rowOf)),
        ...(earlier.length === 0
          ? []
          : [table('Of this self-test alone', columns(record), tallies(record).map(rowOf))]),
        hint(
          'Called different: called a regression, or, where nothing was added, better too. In brackets the exact 95 % interval of that share (Clopper–Pearson). Seen: median of the estimated changes.',
        ),
      ),
    ],
    suite: emptySuite,
  };
}

/** Which self-tests the table counts, and what of them differs. */
function addedUp(record: SelftestRecord, earlier: readonly SelftestRecord[]): string {
  const all = [...earlier, record];
  const commits = new Set(all.map(({ tool }) => tool.commit?.slice(0, 7) ?? 'unknown'));
  const days = new Set(all.map(({ startedAt }) => startedAt.slice(0, 10)));
  const of = [
    ...(commits.size > 1 ? [`of commits ${[...commits].join(', ')}`] : []),
    ...(days.size > 1 ? [`of ${counted(days.size, 'day')}`] : []),
  ];
  return `The table adds up ${counted(all.length, 'self-test')}${of.length > 0 ? ` ${of.join(', ')}` : ''}: ${all.map(({ id }) => id).join(', ')}.`;
}

/** `Equal sides were called different in 0 of 30 comparisons; +20 % CPU per request was found in 5 of 5.` */
function answerOf(all: readonly Tally[], ending: string): string {
  const before = ending === '' ? '' : `${ending} `;
  const clauses = all.map((tally) =>
    tally.addedShare === 0
      ? `Equal sides were called different in ${tally.called} of ${counted(tally.judged, 'comparison')}`
      : `${addedWords(tally)} was found in ${tally.called} of ${tally.judged}`,
  );
  return inFewWords(
    clauses.length === 0 ? `${before}No comparison ended.` : `${before}${clauses.join('; ')}.`,
    `${before}${clauses[0]}; slowdowns below.`,
  );
}

const endings: Readonly<Record<Exclude<SelftestRecord['status'], 'finished'>, string>> = {
  interrupted: 'Interrupted',
  failed: 'Ended by a fault',
  running: 'Still running, or killed,',
};

/** One sentence of a self-test that has fewer comparisons than were asked for; empty of one that has all. */
function howItEnded({ status, planned, comparisons: { length: ended } }: SelftestRecord): string {
  if (status === 'finished') return '';
  const made =
    planned === null ? counted(ended, 'comparison') : `${ended} of ${counted(planned, 'comparison')}`;
  return `${endings[status]} after ${made}.`;
}
