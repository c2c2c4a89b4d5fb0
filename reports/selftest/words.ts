/** The self-test's table, for the terminal and for a document. */
import Table from 'cli-table3';
import type { SelftestRecord } from '../../record/selftest.ts';
import { escaped, plainFrame, table } from '../gate/by-hand.ts';
import { absent, formatCount } from '../words/format.ts';
import { metricTitle } from '../words/metric.ts';
import { printable } from '../words/printable.ts';
import { type Tally, tallies } from './tally.ts';

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

export const addedWords = (share: number): string =>
  share === 0 ? 'nothing (A/A)' : `+${percent(share)} CPU per request`;

const headings = ({ budgets }: SelftestRecord): string[] => [
  'Candidate has',
  'Comparisons',
  'Regression',
  'No regression',
  'of them better',
  'Inconclusive',
  'Invalid',
  'Called different (95 %)',
  ...budgets.map(({ metric }) => `Seen in ${metricTitle(metric)}`),
];

function rowOf(tally: Tally): string[] {
  const { low, high } = tally.interval;
  return [
    addedWords(tally.addedShare),
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
  const { host, strategy, scenario, rate, blocks, measureSeconds, budgets, baselineMicros } = record;
  const held = budgets.map(({ metric, share }) => `${metricTitle(metric)} ${percent(share)}`).join(', ');
  return (
    `Made on ${record.startedAt.slice(0, 10)} on ${host.cpuModel}, ${host.cores} cores, ${host.os} (${host.virtualization}), ${record.runtime}, ` +
    `at commit ${record.tool.commit?.slice(0, 7) ?? 'unknown'}${record.tool.dirty === true ? ' with changes' : ''}: ` +
    `${strategy}, ${scenario} at ${rate === null ? 'no rate' : `${formatCount(rate)}/s`}, ${blocks} pairs of ${measureSeconds} s a comparison, budgets ${held}. ` +
    `Serving one request took ${baselineMicros === null ? absent : `${Math.round(baselineMicros)} µs`} of CPU time before anything was added.`
  );
}

export function selftestText(record: SelftestRecord): string {
  const [first = '', ...others] = headings(record);
  const rows = new Table({
    head: [first, ...others],
    colAligns: [...['left' as const], ...others.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    chars: plainFrame,
  });
  for (const tally of tallies(record)) rows.push(rowOf(tally));
  return `${rows.toString()}\n\n${printable(circumstances(record))}`;
}

export function selftestMarkdown(record: SelftestRecord): string {
  return [
    '# session-bench: self-test',
    escaped(circumstances(record)),
    table(headings(record), tallies(record).map(rowOf), 1),
    'Called different: called a regression, or, where nothing was added, better too. In brackets the exact 95 % interval of that share (Clopper–Pearson). Seen: median of the estimated changes.',
    '',
  ].join('\n\n');
}
