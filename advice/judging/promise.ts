/** Is the promise of latency and errors kept, as far as it was measured? */
import type { PromiseRecord, PromiseTerm } from '../../record/search.ts';
import { commandFor } from '../evidence/commands.ts';
import type {
  CapacityEvidence,
  LoadNumbers,
  OperationEvidence,
  StrategyEvidence,
} from '../evidence/evidence.ts';
import { broken, type Judged, met, open } from './judged.ts';
import { inOrder, tailOf, tailTogether } from './tails.ts';

const wish = 'promise';

/** One for each term, or one of a search that answers them all. */
export function judgePromise(strategy: StrategyEvidence, slo: PromiseRecord): readonly Judged[] {
  const searched = judgeBySearch(strategy, slo);
  if (searched !== null) return [searched];
  const { load, name } = strategy;
  if (load.kind === 'missing') return [open(wish, load.what, load.command)];
  if (load.value.status === 'failed')
    return [broken(wish, load.value.why, { kind: 'measured', run: load.run })];
  const numbers = load.value;
  return slo.terms.map((term) => judgeTerm(term, numbers, load.run, name));
}

/** Searches found a rate that keeps all of this promise, or that none does; null where they say nothing of it. */
function judgeBySearch({ capacity }: StrategyEvidence, slo: PromiseRecord): Judged | null {
  if (capacity.kind === 'missing') return null;
  const verdicts = capacity.value.flatMap((searched) => judgeByOne(searched, slo) ?? []);
  // One that kept it kept it: a search for a stricter promise that found none says nothing against it.
  return verdicts.find(({ verdict }) => verdict === 'met') ?? verdicts[0] ?? null;
}

function judgeByOne({ promise, answer, run }: CapacityEvidence, slo: PromiseRecord): Judged | null {
  const basis = { kind: 'measured', run } as const;
  if (answer.low !== null && implies(promise, slo))
    return met(wish, `${promise.text} was kept at ${whole(answer.low)} requests/s`, basis);
  if (answer.limit === 'none-passed' && implies(slo, promise))
    return broken(wish, `${promise.text} was kept at no rate`, basis);
  return null;
}

/** Whether whoever keeps the one keeps the other. */
export const implies = (kept: CapacityEvidence['promise'], other: PromiseRecord): boolean =>
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

function judgeTerm(term: PromiseTerm, load: LoadNumbers, run: string, strategy: string): Judged {
  const basis = { kind: 'measured', run } as const;
  const operations = operationsOf(term, load);
  const again = commandFor(strategy, `--capacity --slo "${termText(term)}"`);
  if (operations.length === 0) return open(wish, `no operation of ${termText(term)} was measured`, again);
  if (term.kind === 'errors') {
    const share = errorShare(operations);
    const shows = `errors ${percent(share)} at ${whole(load.rate)} requests/s`;
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
  const shows = `${seenOf(term, load)} at ${whole(load.rate)} requests/s`;
  if (tail.atMost <= allowed + rounding) return met(wish, shows, basis);
  if (tail.atLeast >= allowed - rounding) return broken(wish, `${shows}, wished ${termText(term)}`, basis);
  return open(
    wish,
    `whether ${termText(term)} holds is not told by the percentiles that are kept (${shows})`,
    again,
  );
}

/** A probe is the harness' own. */
const clientOperations = ['login', 'read', 'write', 'logout'] as const;

function operationsOf(term: PromiseTerm, { operations }: LoadNumbers): readonly OperationEvidence[] {
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

/** The slowest of the operations at the percentile, or at the next higher one that is kept. */
function seenOf(term: Extract<PromiseTerm, { kind: 'latency' }>, load: LoadNumbers): string {
  const kept = ([50, 90, 99, 99.9] as const).find((each) => each >= term.percentile) ?? 99.9;
  const named = Object.entries(load.operations)
    .filter(([name]) => (term.operation === null ? name !== 'probe' : name === term.operation))
    .map(([name, operation]) => ({ name, value: operation[percentileOf[kept]] }))
    .toSorted((a, b) => inOrder(b.value) - inOrder(a.value));
  const [slowest] = named;
  if (slowest === undefined) return 'nothing was measured';
  return `${slowest.name} p${kept} ${latencyText(slowest.value)}`;
}

function latencyText(value: OperationEvidence['p50Ms']): string {
  if (value === 'no answer') return 'no answer';
  return typeof value === 'number' ? `${digits(value)} ms` : `> ${digits(value.moreThan)} ms`;
}

export function termText(term: PromiseTerm): string {
  if (term.kind === 'errors') return `errors<${percent(term.limitShare).replace(' ', '')}`;
  return `${term.operation === null ? '' : `${term.operation}.`}p${term.percentile}<${digits(term.limitMicros / 1000)}ms`;
}

const digits = (value: number): string => String(Number(value.toPrecision(3)));
const percent = (share: number): string => `${digits(share * 100)} %`;
const wholeNumber = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const whole = (value: number): string => wholeNumber.format(value);
