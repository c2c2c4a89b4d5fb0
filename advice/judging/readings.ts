/** What runs and searches say of a promise, each at a rate. */
import type { PromiseRecord, PromiseTerm } from '../../record/search.ts';
import { commandFor } from '../evidence/commands.ts';
import type {
  Behind,
  CapacityEvidence,
  OperationEvidence,
  SeenLatencies,
  StrategyEvidence,
} from '../evidence/evidence.ts';
import { wholeNumber } from '../words/format.ts';
import { broken, type Judged, met, open } from './judged.ts';
import { inOrder, tailOf, tailTogether } from './tails.ts';

const wish = 'promise';

export interface Reading {
  /** Operations per second: at which it was seen, or up to which it speaks. */
  readonly rate: number;
  /** `run`: all its trials were at that rate; `search`: it looked up to where the promise is kept. */
  readonly of: 'run' | 'search';
  readonly verdict: Judged['verdict'];
  /** What it comes to where nothing speaks against it; at least one. */
  readonly judged: readonly Judged[];
  /** Without the run. */
  readonly shows: string;
  readonly run: string;
}

/** What searches answer first, since it is sought for the promise itself; then runs, the newest first. */
export function readingsOf(strategy: StrategyEvidence, slo: PromiseRecord): readonly Reading[] {
  const { capacity, name } = strategy;
  return [
    ...(capacity.kind === 'measured' ? capacity.value : []).flatMap((each) => readingsOfSearch(each, slo)),
    ...latenciesOf(strategy).map((seen) => readingOfRun(seen, slo, name)),
    ...withoutLatencies(strategy).map((each) => readingOfFailure(each, slo, name)),
  ];
}

/** The command that would find up to where the promise is kept. */
export const searchFor = (strategy: string, { terms }: PromiseRecord): string =>
  commandFor(strategy, `--capacity --slo "${terms.map(termText).join(',')}"`);

/** Those of the run that servers are counted by first, at the rate that it offered. */
function latenciesOf({ latencies, load, behind }: StrategyEvidence): readonly SeenLatencies[] {
  if (load.kind === 'missing' || load.value.status === 'failed') return latencies;
  const { run } = load;
  if (latencies.some((each) => each.run === run)) return latencies;
  const { rate, operations } = load.value;
  const offered = behind.find((each) => each.run === run)?.offered ?? rate;
  return [{ run, rate: offered, keptTo: null, operations }, ...latencies];
}

/** Runs that offered so much that too little was answered to say how late. */
function withoutLatencies(strategy: StrategyEvidence): readonly Behind[] {
  const seen = latenciesOf(strategy);
  return strategy.behind.filter(({ run }) => seen.every((each) => each.run !== run));
}

function readingOfRun(seen: SeenLatencies, slo: PromiseRecord, strategy: string): Reading {
  const judged = slo.terms.map((term) => judgeTerm(term, seen, strategy));
  const [worst] = (['broken', 'open'] as const).flatMap(
    (verdict) => judged.find((each) => each.verdict === verdict) ?? [],
  );
  const verdict = worst?.verdict ?? 'met';
  return {
    // What is late is late at its own rate; what is not speaks for no more than the search does.
    rate: verdict === 'met' ? Math.min(seen.rate, seen.keptTo ?? seen.rate) : seen.rate,
    of: seen.keptTo === null ? 'run' : 'search',
    verdict,
    judged,
    shows: worst?.shows ?? judged.map(({ shows }) => shows).join(' and '),
    run: seen.run,
  };
}

function readingOfFailure({ run, offered, answered }: Behind, slo: PromiseRecord, strategy: string): Reading {
  const shows = `it could not keep up with ${wholeNumber(offered)} requests/s (${wholeNumber(answered)} were answered)`;
  return {
    rate: offered,
    of: 'run',
    verdict: 'open',
    judged: [open(wish, shows, searchFor(strategy, slo))],
    shows,
    run,
  };
}

function readingsOfSearch(
  { promise, answer, run }: CapacityEvidence,
  slo: PromiseRecord,
): readonly Reading[] {
  const basis = { kind: 'measured', run } as const;
  const reading = (rate: number, judged: Judged): Reading => {
    const { verdict, shows } = judged;
    return { rate, of: 'search', verdict, judged: [judged], shows, run };
  };
  const { limit, low, high } = answer;
  const { text } = promise;
  const kept =
    low !== null && implies(promise, slo)
      ? [reading(low, met(wish, `${text} was kept at ${wholeNumber(low)} requests/s`, basis))]
      : [];
  // A promise that asks less than what was searched for may be kept where that was not.
  if (!implies(slo, promise)) return kept;
  if (limit === 'none-passed')
    return [...kept, reading(high ?? 0, broken(wish, `${text} was kept at no rate`, basis))];
  return high === null
    ? kept
    : [
        ...kept,
        reading(high, broken(wish, `${text} was not kept at ${wholeNumber(high)} requests/s`, basis)),
      ];
}

/** Whether whoever keeps the one keeps the other. */
const implies = (kept: CapacityEvidence['promise'], other: PromiseRecord): boolean =>
  other.terms.every((term) => kept.terms.some((each) => termImplies(each, term)));

function termImplies(kept: PromiseTerm, other: PromiseTerm): boolean {
  if (kept.kind === 'errors' || other.kind === 'errors')
    return kept.kind === 'errors' && other.kind === 'errors' && kept.limitShare <= other.limitShare;
  return (
    kept.operation === other.operation &&
    kept.percentile >= other.percentile &&
    kept.limitMicros <= other.limitMicros
  );
}

function judgeTerm(term: PromiseTerm, load: SeenLatencies, strategy: string): Judged {
  const basis = { kind: 'measured', run: load.run } as const;
  const operations = operationsOf(term, load);
  const again = commandFor(strategy, `--capacity --slo "${termText(term)}"`);
  if (operations.length === 0) return open(wish, `no operation of ${termText(term)} was measured`, again);
  if (term.kind === 'errors') {
    const share = errorShare(operations);
    const shows = `errors ${percent(share)} at ${wholeNumber(load.rate)} requests/s`;
    return share < term.limitShare
      ? met(wish, shows, basis)
      : broken(wish, `${shows}, wished < ${percent(term.limitShare)}`, basis);
  }
  const limitMs = term.limitMicros / 1000;
  const tail =
    operations.length === 1 && operations[0]
      ? tailOf(operations[0], limitMs)
      : tailTogether(operations, limitMs);
  const allowed = (100 - term.percentile) / 100;
  const rounding = 1e-9;
  const shows = `${seenOf(term, load)} at ${wholeNumber(load.rate)} requests/s`;
  if (tail.atMost <= allowed + rounding) return met(wish, keptWords(term, load, shows), basis);
  if (tail.atLeast >= allowed - rounding) return broken(wish, `${shows}, wished ${termText(term)}`, basis);
  return open(
    wish,
    `whether ${termText(term)} holds is not told by the percentiles that are kept (${shows})`,
    again,
  );
}

/** A slow operation may be so rare that all of them together keep what it does not. */
function keptWords(
  term: Extract<PromiseTerm, { kind: 'latency' }>,
  load: SeenLatencies,
  shows: string,
): string {
  const slowest = slowestOf(term, load);
  const isSlower = slowest !== undefined && inOrder(slowest.value) >= term.limitMicros / 1000;
  return isSlower ? `all operations together keep ${termText(term)} (${shows})` : shows;
}

/** A probe is the harness' own. */
const clientOperations = ['login', 'read', 'write', 'logout'] as const;

function operationsOf(term: PromiseTerm, { operations }: SeenLatencies): readonly OperationEvidence[] {
  const names = term.kind === 'latency' && term.operation !== null ? [term.operation] : clientOperations;
  return names.flatMap((name) => operations[name] ?? []);
}

function errorShare(operations: readonly OperationEvidence[]): number {
  const sum = (of: (each: OperationEvidence) => number): number =>
    operations.reduce((all, each) => all + of(each), 0);
  const due = sum(({ count, unanswered }) => Math.max(count, unanswered));
  return due === 0 ? 0 : sum(({ unanswered }) => unanswered) / due;
}

const percentileOf = { 50: 'p50Ms', 90: 'p90Ms', 99: 'p99Ms', 99.9: 'p999Ms' } as const;

interface Slowest {
  readonly name: string;
  /** The percentile of the term, or the next higher one that is kept. */
  readonly percentile: keyof typeof percentileOf;
  readonly value: OperationEvidence['p50Ms'];
}

/** Undefined where nothing was measured. */
function slowestOf(
  term: Extract<PromiseTerm, { kind: 'latency' }>,
  load: SeenLatencies,
): Slowest | undefined {
  const percentile = ([50, 90, 99, 99.9] as const).find((each) => each >= term.percentile) ?? 99.9;
  return Object.entries(load.operations)
    .filter(([name]) => (term.operation === null ? name !== 'probe' : name === term.operation))
    .map(([name, operation]) => ({ name, percentile, value: operation[percentileOf[percentile]] }))
    .toSorted((a, b) => inOrder(b.value) - inOrder(a.value))[0];
}

function seenOf(term: Extract<PromiseTerm, { kind: 'latency' }>, load: SeenLatencies): string {
  const slowest = slowestOf(term, load);
  if (slowest === undefined) return 'nothing was measured';
  return `${slowest.name} p${slowest.percentile} ${latencyText(slowest.value)}`;
}

function latencyText(value: OperationEvidence['p50Ms']): string {
  if (value === 'no answer') return 'no answer';
  return typeof value === 'number' ? `${digits(value)} ms` : `> ${digits(value.moreThan)} ms`;
}

function termText(term: PromiseTerm): string {
  if (term.kind === 'errors') return `errors<${percent(term.limitShare).replace(' ', '')}`;
  return `${term.operation === null ? '' : `${term.operation}.`}p${term.percentile}<${digits(term.limitMicros / 1000)}ms`;
}

const digits = (value: number): string => String(Number(value.toPrecision(3)));
const percent = (share: number): string => `${digits(share * 100)} %`;
