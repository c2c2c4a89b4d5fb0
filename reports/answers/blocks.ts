/** The answer of a run that compares strategies, or the two sides of each. */
import { byLatency, type Latency } from '../../record/latency.ts';
import { headlineOf } from '../../record/log-lines.ts';
import { couldNotKeepUp } from '../../record/overloaded.ts';
import type { StrategySummary } from '../../record/summary.ts';
import { servingCpu } from '../facts/cpu.ts';
import type { BlockFacts } from '../facts/facts.ts';
import { isThin, isUnseen } from '../facts/merged.ts';
import { brief, clause, sentenceOf, shortTitle } from '../words/brief.ts';
import {
  counted,
  formatCount,
  formatMicros,
  formatMs,
  listed,
  lowerFirst,
  perSecond,
  upperFirst,
} from '../words/format.ts';
import { latencyText, noAnswer } from '../words/latency.ts';
import { type Said, said } from './answer.ts';
import { failed, integrity, lostTrials, without, wrongAnswers } from './integrity.ts';
import { metricClauses, metricStatements } from './rankings.ts';

export function blocksAnswer(facts: BlockFacts): Said {
  const { strategies, verdicts } = facts;
  const measured = strategies.filter(({ status }) => status === 'valid');
  const [first, ...others] = measured;
  if (!first) return nothingMeasured(facts);
  const { different, same } = verdicts.tally;
  const { start, clauses, statements } =
    others.length === 0 ? alone(first) : different + same > 0 ? together(facts) : undecided(facts, measured);
  const [main = '', ...more] = clauses;
  // The first weighs most.
  const remarks = [
    wrongAnswers(strategies) === '' ? '' : failed(strategies),
    lostTrials(facts),
    overload(facts, measured),
    without(strategies),
  ];
  const { text } = brief(opening(facts, start), [
    clause(main),
    ...remarks.map((remark) => sentenceOf(upperFirst(remark))),
    ...more.map(clause),
    sentenceOf(upperFirst(integrity(facts))),
  ]);
  return said(text, [...statements, ...remarks, integrity(facts)]);
}

/** Wrong answers come before all else, or else who failed; then what the numbers are of. */
function opening({ status, strategies, design }: BlockFacts, start: string): string {
  const wrong = wrongAnswers(strategies) || upperFirst(failed(strategies));
  const rate = design.rate ? perSecond(design.rate.value, 'request') : 'the same load';
  const at = `${status === 'finished' ? 'At' : 'In a run that did not end, at'} ${rate}, ${start}`;
  return wrong === '' ? at : `${wrong}; ${lowerFirst(at)}`;
}

function nothingMeasured(facts: BlockFacts): Said {
  const { strategies } = facts;
  const reason = strategies.flatMap(({ reasons }) => reasons)[0];
  const wrong = wrongAnswers(strategies);
  const nothing = failed(strategies) || 'this run answers nothing: no strategy has a valid trial';
  const remark = failed(strategies) === '' ? '' : without(strategies);
  const { text } = brief(wrong === '' ? '' : `${wrong}; `, [
    clause(wrong === '' ? upperFirst(nothing) : nothing),
    sentenceOf(upperFirst(remark)),
  ]);
  const why = headlineOf(reason?.message ?? '')
    .trim()
    .replace(/\.$/, '');
  return said(text, [why, remark, integrity(facts)]);
}

interface Told {
  readonly start: string;
  /** The first weighs most. */
  readonly clauses: readonly string[];
  /** The same with all that there is to say. */
  readonly statements: readonly string[];
}

function alone(strategy: StrategySummary): Told {
  const cpu = servingCpu(strategy.cpuMicrosPerRequest);
  const { read } = strategy.operations;
  const parts = [
    cpu === null ? null : `used ${formatMicros(cpu)} µs of CPU time per request`,
    read ? readsInWords(read) : null,
  ].filter((part) => part !== null);
  return {
    start: '',
    clauses: [`${shortTitle(strategy)} ${parts.length > 0 ? listed(parts) : 'was measured'}`],
    statements: [],
  };
}

const within = (value: Exclude<Latency, 'no answer'>): string =>
  typeof value === 'number' ? `within ${formatMs(value)} ms` : `in more than ${formatMs(value.moreThan)} ms`;

/** A share of the reads is named where enough lie beyond it, else the slowest of them. */
function readsInWords({
  count,
  p50Ms,
  p99Ms,
  maxMs,
}: NonNullable<StrategySummary['operations']['read']>): string {
  if (p50Ms === 'no answer') return 'gave half of the reads no right answer';
  const all = typeof maxMs === 'number' ? `all ${counted(count, 'read')} ${within(maxMs)}` : null;
  if (all !== null && isThin(count, 50)) return `answered ${all}`;
  const half = `answered half of the reads ${within(p50Ms)}`;
  if (all !== null && isThin(count, 99)) return `${half} and ${all}`;
  return p99Ms === 'no answer'
    ? `${half} and gave more than 1 % no right answer`
    : `${half} and 99 % ${within(p99Ms)}`;
}

function together(facts: BlockFacts): Told {
  return { start: '', clauses: metricClauses(facts), statements: metricStatements(facts) };
}

/** Measured values are told as what they are, after the warning that they decide nothing. */
function undecided(facts: BlockFacts, measured: readonly StrategySummary[]): Told {
  const { fewestBlocks } = facts.verdicts;
  const clauses = [
    rangeOf(
      'CPU per request was',
      measured,
      (value) => (typeof value === 'number' ? `${formatMicros(value)} µs` : noAnswer),
      ({ cpuMicrosPerRequest }) => servingCpu(cpuMicrosPerRequest),
    ),
    rangeOf('a typical read took', measured, latencyText, typicalRead),
  ];
  return fewestBlocks === null
    ? { start: 'no difference is certain: ', clauses, statements: [...clauses, ...metricStatements(facts)] }
    : { start: `no verdict yet (${repetition(facts, fewestBlocks)}): `, clauses, statements: clauses };
}

/** Null where so few reads make it that tables leave it out too. */
const typicalRead = ({ operations: { read } }: StrategySummary): Latency | null =>
  read === undefined || isUnseen(read.count, 50) ? null : read.p50Ms;

function repetition({ verdicts }: BlockFacts, fewest: number): string {
  const blocks = verdicts.mostPairs;
  return blocks === 0
    ? 'no block has valid trials of two strategies'
    : `${counted(blocks, 'block')} of at least ${formatCount(fewest)}`;
}

/** `CPU per request was 312 µs (Redis) to 455 µs (MySQL)`; empty where fewer than two have the value. */
function rangeOf(
  start: string,
  strategies: readonly StrategySummary[],
  format: (value: Latency) => string,
  measureOf: (strategy: StrategySummary) => Latency | null | undefined,
): string {
  const known = strategies
    .flatMap((strategy) => {
      const value = measureOf(strategy);
      return value === null || value === undefined ? [] : [{ who: shortTitle(strategy), value }];
    })
    .sort((a, b) => byLatency(a.value, b.value));
  const [least] = known;
  const most = known.at(-1);
  if (!least || !most || known.length < 2) return '';
  const end = ({ who, value }: typeof least): string => `${format(value)} (${who})`;
  return `${start} ${end(least)} to ${end(most)}`;
}

function overload({ trials }: BlockFacts, measured: readonly StrategySummary[]): string {
  const behind = measured.filter(({ name }) => couldNotKeepUp(trials, name));
  if (behind.length === 0) return '';
  const named = behind.map(
    (strategy) => `${shortTitle(strategy)} (${perSecond(strategy.achievedRate ?? 0, 'request')})`,
  );
  return `${listed(named)} could not keep up`;
}
