/** The answer of a run that compares strategies, or the two sides of each. */
import { headlineOf } from '../../record/log-lines.ts';
import type { StrategySummary } from '../../record/summary.ts';
import { servingCpu } from '../facts/cpu.ts';
import type { BlockFacts } from '../facts/facts.ts';
import { isThin } from '../facts/merged.ts';
import { brief, clause, sentenceOf, shortTitle } from '../words/brief.ts';
import {
  counted,
  formatCount,
  formatMicros,
  formatMs,
  listed,
  lowerFirst,
  upperFirst,
} from '../words/format.ts';
import { type Said, said } from './answer.ts';
import { integrity, without, wrongAnswers } from './integrity.ts';
import { metricClauses, metricStatements } from './rankings.ts';

export function blocksAnswer(facts: BlockFacts): Said {
  const { strategies, verdicts } = facts;
  const measured = strategies.filter(({ status }) => status === 'valid');
  const [first, ...others] = measured;
  if (!first) return nothingMeasured(facts);
  const fewest = others.length === 0 ? null : verdicts.fewestBlocks;
  const { start, clauses, statements } =
    others.length === 0
      ? alone(first)
      : fewest === null
        ? together(facts)
        : undecided(facts, measured, fewest);
  const [main = '', ...more] = clauses;
  const { text } = brief(opening(facts, start), [
    clause(main),
    sentenceOf(upperFirst(overload(measured))),
    sentenceOf(upperFirst(without(strategies))),
    ...more.map(clause),
    sentenceOf(upperFirst(integrity(strategies))),
  ]);
  return said(text, [...statements, overload(measured), without(strategies), integrity(strategies)]);
}

/** Wrong answers come before all else, then what the numbers are of. */
function opening({ status, strategies, design }: BlockFacts, start: string): string {
  const wrong = wrongAnswers(strategies);
  const rate = design.rate ? `${formatCount(design.rate.value)} requests/s` : 'the same load';
  const at = `${status === 'finished' ? 'At' : 'In a run that did not end, at'} ${rate}, ${start}`;
  return wrong === '' ? at : `${wrong}; ${lowerFirst(at)}`;
}

function nothingMeasured({ strategies }: BlockFacts): Said {
  const reason = strategies.flatMap(({ reasons }) => reasons)[0];
  const wrong = wrongAnswers(strategies);
  const { text } = brief(wrong === '' ? '' : `${wrong}; `, [
    clause(`${wrong === '' ? 'This' : 'this'} run answers nothing: no strategy has a valid trial`),
  ]);
  return said(text, [
    headlineOf(reason?.message ?? '')
      .trim()
      .replace(/\.$/, ''),
    integrity(strategies),
  ]);
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

/** A share of the reads is named where some lie beyond it, else the slowest of them. */
function readsInWords({
  count,
  p50Ms,
  p99Ms,
  maxMs,
}: NonNullable<StrategySummary['operations']['read']>): string {
  const slowest = `${counted(count, 'read')} within ${formatMs(maxMs)} ms`;
  if (isThin(count, 50)) return `answered ${count === 1 ? '' : 'all '}${slowest}`;
  const half = `answered half of the reads within ${formatMs(p50Ms)} ms`;
  return isThin(count, 99) ? `${half} and all ${slowest}` : `${half} and 99 % within ${formatMs(p99Ms)} ms`;
}

function together(facts: BlockFacts): Told {
  return { start: '', clauses: metricClauses(facts), statements: metricStatements(facts) };
}

/** Measured values are told as what they are, after the warning that they decide nothing. */
function undecided(facts: BlockFacts, measured: readonly StrategySummary[], fewest: number): Told {
  const blocks = facts.verdicts.mostPairs;
  const repeated =
    blocks === 0
      ? 'no block has valid trials of two strategies'
      : `${counted(blocks, 'block')} of at least ${formatCount(fewest)}`;
  const clauses = [
    rangeOf('CPU per request was', measured, formatMicros, 'µs', ({ cpuMicrosPerRequest }) =>
      servingCpu(cpuMicrosPerRequest),
    ),
    rangeOf('a typical read took', measured, formatMs, 'ms', ({ operations }) => operations.read?.p50Ms),
  ];
  return { start: `no verdict yet (${repeated}): `, clauses, statements: clauses };
}

/** `CPU per request was 312 µs (Redis) to 455 µs (MySQL)`; empty where fewer than two have the value. */
function rangeOf(
  start: string,
  strategies: readonly StrategySummary[],
  format: (value: number) => string,
  unit: string,
  measureOf: (strategy: StrategySummary) => number | null | undefined,
): string {
  const known = strategies
    .flatMap((strategy) => {
      const value = measureOf(strategy);
      return value === null || value === undefined ? [] : [{ who: shortTitle(strategy), value }];
    })
    .sort((a, b) => a.value - b.value);
  const [least] = known;
  const most = known.at(-1);
  if (!least || !most || known.length < 2) return '';
  const end = ({ who, value }: typeof least): string => `${format(value)} ${unit} (${who})`;
  return `${start} ${end(least)} to ${end(most)}`;
}

/** Below this share of the offered rate a strategy did not keep up. */
const keptUpShare = 0.99;

function overload(measured: readonly StrategySummary[]): string {
  const behind = measured.filter(
    ({ offeredRate, achievedRate }) => (achievedRate ?? 0) < (offeredRate ?? 0) * keptUpShare,
  );
  if (behind.length === 0) return '';
  const named = behind.map(
    (strategy) => `${shortTitle(strategy)} (${formatCount(strategy.achievedRate ?? 0)} requests/s)`,
  );
  return `${listed(named)} could not keep up`;
}
