/** Service level objectives, as a person types them: `p99<50ms,errors<0.1%`. */
import { type OperationName, operationNames } from '../../record/common.ts';
import type { PromiseRecord, PromiseTerm } from '../../record/search.ts';
import { twice } from '../../record/twice.ts';
import { validityLimits } from '../../record/validity-limits.ts';
import { suggest } from '../suggest.ts';

export type SloTerm = PromiseTerm;
/** The promise, as it is kept in records too. */
export type Slo = PromiseRecord;

export type SloResult =
  | { readonly status: 'valid'; readonly slo: Slo }
  /** Every mistake, each with what to write instead. */
  | { readonly status: 'invalid'; readonly mistakes: readonly string[] };

type TermResult = { readonly term: SloTerm } | { readonly mistake: string };

/** Names of percentiles; `p999` is p99.9 as in summary.json. */
const percentiles: ReadonlyMap<string, number> = new Map([
  ['p50', 50],
  ['p75', 75],
  ['p90', 90],
  ['p95', 95],
  ['p99', 99],
  ['p99.9', 99.9],
  ['p999', 99.9],
]);
const microsPerUnit: ReadonlyMap<string, number> = new Map([
  ['us', 1],
  ['µs', 1],
  ['ms', 1000],
  ['s', 1_000_000],
]);
const termPattern =
  /^(?<what>[a-z0-9.]+)\s*(?<sign><=|>=|=|<|>)\s*(?<amount>[+-]?[\d.]+(?:e[+-]?\d+)?)\s*(?<unit>[^\s\d]*)$/i;
export const sloSyntax =
  'A promise is written as conditions NAME<LIMIT, separated by commas: p50, p75, p90, p95, p99 or p99.9 below a time in ' +
  'us, ms or s, of all operations or of one (read.p99<20ms), and errors below a percentage (errors<0.1%).';
const EXAMPLE = 'for example "p99<50ms,errors<0.1%"';

/** Parses an objective and gives every mistake in it. */
export function parseSlo(text: string): SloResult {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.every((part) => part === ''))
    return { status: 'invalid', mistakes: [`the SLO is empty; write one, ${EXAMPLE}`] };
  const results = parts.map(parseTerm);
  const mistakes = results.flatMap((result) => ('mistake' in result ? [result.mistake] : []));
  const terms = results.flatMap((result) => ('term' in result ? [result.term] : []));
  mistakes.push(...repeated(terms));
  return mistakes.length > 0 ? { status: 'invalid', mistakes } : { status: 'valid', slo: { text, terms } };
}

function parseTerm(part: string): TermResult {
  if (part === '') return { mistake: 'there is nothing between two commas, or after the last' };
  const match = termPattern.exec(part)?.groups;
  if (!match)
    return { mistake: `"${part}" is no condition; write a name, "<", a number and a unit, ${EXAMPLE}` };
  const { what = '', sign = '', amount = '', unit = '' } = match;
  if (sign !== '<') return { mistake: `"${part}": use "<"; a promise is kept below its limit` };
  const value = Number(amount);
  if (!(value > 0 && Number.isFinite(value)))
    return { mistake: `"${part}": the limit must be a number above 0` };
  return what.toLowerCase() === 'errors'
    ? errorsTerm(part, value, unit)
    : latencyTerm(part, what.toLowerCase(), value, unit);
}

function errorsTerm(part: string, value: number, unit: string): TermResult {
  if (unit !== '%') return { mistake: `"${part}": errors are a percentage; write "errors<${value}%"` };
  if (value > 100) return { mistake: `"${part}": no more than 100 % of the operations can fail` };
  return { term: { kind: 'errors', limitShare: value / 100 } };
}

function latencyTerm(part: string, what: string, value: number, unit: string): TermResult {
  const operation = operationNames.find((name) => what.startsWith(`${name}.`)) ?? null;
  const name = operation === null ? what : what.slice(operation.length + 1);
  const percentile = percentiles.get(name);
  if (percentile === undefined) return { mistake: `"${part}": unknown name "${what}"${guess(what)}` };
  const micros = microsPerUnit.get(unit.toLowerCase());
  if (micros === undefined)
    return {
      mistake: `"${part}": ${unit === '' ? 'a latency needs a unit' : `unknown unit "${unit}"`}; write us, ms or s`,
    };
  return { term: { kind: 'latency', operation, percentile, limitMicros: value * micros } };
}

function guess(what: string): string {
  const known = [...percentiles.keys(), 'errors'];
  const all = [
    ...known,
    ...operationNames.flatMap((operation) => [...percentiles.keys()].map((name) => `${operation}.${name}`)),
  ];
  const best = suggest(what, all);
  const hint = best === null ? ';' : `; did you mean "${best}"?`;
  return `${hint} known: ${known.join(', ')}, and a latency of one operation, such as read.p99`;
}

const keyOf = (term: SloTerm): string =>
  term.kind === 'errors'
    ? 'errors'
    : `${term.operation === null ? '' : `${term.operation}.`}p${term.percentile}`;

function repeated(terms: readonly SloTerm[]): string[] {
  return twice(terms.map(keyOf)).map((key) => `"${key}" is given twice; keep one limit`);
}

/** The longest latency that a promise allows, in seconds; 0 without one. */
export const longestLimit = ({ terms }: Slo): number =>
  Math.max(0, ...terms.map((term) => (term.kind === 'latency' ? term.limitMicros / 1e6 : 0)));

/** What a trial measured. */
export interface SloEvidence {
  /** Percentile from the intended start in microseconds; null where the operation did not occur. */
  latencyMicros(operation: OperationName | null, percentile: number): number | null;
  /** Errors and violations over all operations, 0 to 1. */
  readonly errorShare: number;
  /** Answered over sent operations, 0 to 1. */
  readonly answeredShare: number;
  /** Sent in time over offered operations, 0 to 1: below 1 where operations queued to the end. */
  readonly keptUpShare: number;
}

export interface BrokenTerm {
  readonly term: SloTerm | 'achieved-rate' | 'answered' | 'no-data';
  readonly message: string;
}

/** What of the promise a trial broke; empty when it was kept. Latency of an operation that never occurred is no proof. */
export function brokenTerms(slo: Slo, evidence: SloEvidence): readonly BrokenTerm[] {
  const broken: BrokenTerm[] = [];
  // A queue that grows without end may look fine for a while: a rate that is not achieved is never kept.
  if (!(evidence.keptUpShare >= validityLimits.achievedShare))
    broken.push({
      term: 'achieved-rate',
      message: `only ${percent(evidence.keptUpShare)} of the offered rate was carried, and the rest queued`,
    });
  if (!(evidence.answeredShare >= validityLimits.achievedShare))
    broken.push({
      term: 'answered',
      message: `only ${percent(evidence.answeredShare)} of the operations got an answer`,
    });
  for (const term of slo.terms) {
    if (term.kind === 'errors') {
      if (!(evidence.errorShare < term.limitShare))
        broken.push({
          term,
          message: `errors ${percent(evidence.errorShare)} (limit ${percent(term.limitShare)})`,
        });
      continue;
    }
    const seen = evidence.latencyMicros(term.operation, term.percentile);
    if (seen === null)
      broken.push({ term: 'no-data', message: `${keyOf(term)}: no such operation was measured` });
    else if (!(seen < term.limitMicros))
      broken.push({ term, message: `${keyOf(term)} ${millis(seen)} (limit ${millis(term.limitMicros)})` });
  }
  return broken;
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
const millis = (micros: number): string =>
  Number.isFinite(micros)
    ? `${Number((micros / 1000).toPrecision(3))} ms`
    : 'never: so many operations got no right answer';
