/**
 * The highest rate that keeps a promise, as a pure function: what was tried so far in, what to try next or the answer
 * out. Exponential bracket, bisection, then replicated confirmation on both sides of the edge. No answer rests on one
 * trial; a trial that came out wrong by chance is outvoted.
 */
import { believe, countByRate, type EdgeBelief, type RateCount } from './edge.ts';
import {
  checkOptions,
  type SearchAnswer,
  type SearchOptions,
  type SearchOutcome,
  type SearchStep,
} from './outcome.ts';

/** Steps of the bracket. */
const FACTOR = 2;
/** Outcomes of the same kind that confirm a limit of the range, or one side of the edge. */
const CONFIRMATIONS = 3;
/** Trials in a row that say nothing, after which the search gives up. */
const INVALID_IN_A_ROW = 6;
/**
 * Share of the error that each tail of the belief gets. Half would be nominal; but trials that are placed by what was
 * seen before make a belief too sure when the edge is blurred (tests/search/simulate.ts: 92 % instead of 95 %), so half of the
 * error is kept in reserve.
 */
const TAIL_SHARE = 1 / 4;
/** Generator-limited trials that settle where the generator gives out. */
const LIMIT_CONFIRMATIONS = 2;

/**
 * The next step of the search.
 * @param history outcomes so far, in order; their rates are those that earlier steps asked for
 * @throws SearchOptionsError when the options make no sense
 */
export function nextStep(options: SearchOptions, history: readonly SearchOutcome[]): SearchStep {
  checkOptions(options);
  const known = learn(options, history);
  if (known.invalidInARow >= INVALID_IN_A_ROW)
    return { kind: 'done', answer: bestAnswer(known), end: 'disturbed' };
  const step = known.highestKept !== null && known.lowestBroken !== null ? atTheEdge(known) : bracket(known);
  if (step.kind === 'try' && history.length >= options.maxTrials)
    return { kind: 'done', answer: bestAnswer(known), end: 'out-of-trials' };
  return step;
}

/**
 * What a search that must end now has come to.
 * @throws SearchOptionsError when the options make no sense
 */
export function answerSoFar(options: SearchOptions, history: readonly SearchOutcome[]): SearchAnswer {
  const step = nextStep(options, history);
  return step.kind === 'done' ? step.answer : bestAnswer(learn(options, history));
}

/** What the history says. */
interface Knowledge {
  readonly options: SearchOptions;
  readonly trials: number;
  readonly counts: readonly RateCount[];
  /** By majority of the trials at a rate; null where there is none. */
  readonly highestKept: RateCount | null;
  readonly lowestBroken: RateCount | null;
  /** A rate at which as many trials kept as broke the promise. */
  readonly undecided: RateCount | null;
  /** Where the generator gives out, by majority, and a rate at which that has been seen once only. */
  readonly generatorLimit: number | null;
  readonly suspectedLimit: number | null;
  readonly invalidInARow: number;
}

function learn(options: SearchOptions, history: readonly SearchOutcome[]): Knowledge {
  const counts = countByRate(history);
  const limits = limitsOf(history, counts);
  const lastSound = history.findLastIndex(({ kind }) => kind !== 'invalid');
  return {
    options,
    trials: history.length,
    counts,
    highestKept: counts.findLast(({ kept, broken }) => kept > broken) ?? null,
    lowestBroken: counts.find(({ kept, broken }) => broken > kept) ?? null,
    undecided: counts.find(({ kept, broken }) => kept === broken) ?? null,
    ...limits,
    invalidInARow: history.length - 1 - lastSound,
  };
}

function limitsOf(
  history: readonly SearchOutcome[],
  counts: readonly RateCount[],
): Pick<Knowledge, 'generatorLimit' | 'suspectedLimit'> {
  const limited = history.filter(({ kind }) => kind === 'generator-limited').map(({ rate }) => rate);
  let generatorLimit: number | null = null;
  let suspectedLimit: number | null = null;
  for (const rate of new Set(limited.sort((a, b) => a - b))) {
    // Who gives out at a rate gives out above it, and who offers a rate can offer those below it.
    const times = limited.filter((each) => each <= rate).length;
    const offered = counts.filter((count) => count.rate >= rate);
    if (times <= offered.reduce((sum, { kept, broken }) => sum + kept + broken, 0)) continue;
    if (times >= LIMIT_CONFIRMATIONS) generatorLimit ??= rate;
    else suspectedLimit ??= rate;
  }
  return { generatorLimit, suspectedLimit };
}

/** Three significant digits, within the limits: a rate that a person can read. */
function readable(rate: number, { lowest, highest }: SearchOptions): number {
  return Math.min(highest, Math.max(lowest, Number(rate.toPrecision(3))));
}

const attempt = (known: Knowledge, rate: number, phase: 'bracket' | 'bisect' | 'confirm'): SearchStep => ({
  kind: 'try',
  rate: readable(rate, known.options),
  phase,
});

const answered = (answer: SearchAnswer): SearchStep => ({ kind: 'done', answer, end: 'answered' });

/** Doubles or halves until one rate keeps the promise and one breaks it, or a limit is confirmed. */
function bracket(known: Knowledge): SearchStep {
  const { options, highestKept, lowestBroken, undecided, suspectedLimit, generatorLimit } = known;
  if (suspectedLimit !== null && (highestKept || lowestBroken))
    return attempt(known, suspectedLimit, 'bracket');
  if (undecided) return attempt(known, undecided.rate, 'bracket');
  if (highestKept) return upwards(known, highestKept);
  if (lowestBroken) return downwards(known, lowestBroken);
  const limit = suspectedLimit ?? generatorLimit;
  if (limit !== null) return belowGenerator(known, limit);
  return attempt(known, options.start, 'bracket');
}

function upwards(known: Knowledge, kept: RateCount): SearchStep {
  const { options, generatorLimit, trials } = known;
  if (generatorLimit !== null && generatorLimit > kept.rate) {
    if (generatorLimit / kept.rate > 1 + 2 * options.precision)
      return attempt(known, Math.sqrt(generatorLimit * kept.rate), 'bracket');
    if (kept.kept < CONFIRMATIONS) return attempt(known, kept.rate, 'confirm');
    return answered({ kind: 'generator-limited', trials, atLeast: kept.rate, generatorLimit });
  }
  if (kept.rate < options.highest) return attempt(known, kept.rate * FACTOR, 'bracket');
  if (kept.kept < CONFIRMATIONS) return attempt(known, kept.rate, 'confirm');
  return answered({ kind: 'above-range', trials, atLeast: kept.rate });
}

function downwards(known: Knowledge, broken: RateCount): SearchStep {
  const { options, trials } = known;
  if (broken.rate > options.lowest) return attempt(known, broken.rate / FACTOR, 'bracket');
  if (broken.broken < CONFIRMATIONS) return attempt(known, broken.rate, 'confirm');
  return answered({ kind: 'below-range', trials, atMost: broken.rate });
}

function belowGenerator(known: Knowledge, limit: number): SearchStep {
  const { options, generatorLimit, trials } = known;
  if (limit > options.lowest) return attempt(known, limit / FACTOR, 'bracket');
  if (generatorLimit !== limit) return attempt(known, limit, 'confirm');
  return answered({ kind: 'generator-limited', trials, atLeast: null, generatorLimit });
}

/** Bisects by belief until the interval is narrow, then asks for replicates on the side that has too few. */
function atTheEdge(known: Knowledge): SearchStep {
  const { options, counts, suspectedLimit } = known;
  if (suspectedLimit !== null) return attempt(known, suspectedLimit, 'bisect');
  const edge = intervalOf(believe(counts, options), options);
  const side = sideToLookAt(known);
  if (!isPrecise(edge, options))
    return attempt(
      known,
      testable(known, near(known, edge[side])),
      side === 'capacity' ? 'bisect' : 'confirm',
    );
  const close = counts.filter(
    ({ rate }) => rate >= edge.low / (1 + options.precision) && rate <= edge.high * (1 + options.precision),
  );
  const kept = close.filter(({ rate }) => rate <= edge.capacity).reduce((sum, each) => sum + each.kept, 0);
  const broken = close
    .filter(({ rate }) => rate >= edge.capacity)
    .reduce((sum, each) => sum + each.broken, 0);
  if (kept < CONFIRMATIONS) return attempt(known, testable(known, edge.low), 'confirm');
  if (broken < CONFIRMATIONS && edge.high < (known.generatorLimit ?? Number.POSITIVE_INFINITY))
    return attempt(known, testable(known, edge.high), 'confirm');
  return answered(answerOf(known, edge));
}

/**
 * The middle halves the interval fastest, but says little of how blurred the edge is, and a blur that goes unseen makes
 * the interval too narrow. So every other trial, once the edge is near, looks at one of its ends in turn.
 */
function sideToLookAt({ counts }: Knowledge): keyof Edge {
  const looks = counts.reduce((sum, { kept, broken }) => sum + kept + broken, 0);
  const turn = looks % 4;
  return turn === 1 ? 'low' : turn === 3 ? 'high' : 'capacity';
}

/** The rate, or one on the way to it where the generator gives out before: it halves what lies between. */
function testable({ generatorLimit, counts, options }: Knowledge, rate: number): number {
  if (generatorLimit === null || readable(rate, options) < generatorLimit) return rate;
  const offered = counts.findLast((count) => count.rate < generatorLimit)?.rate ?? generatorLimit / FACTOR;
  return generatorLimit / offered > 1 + 2 * options.precision ? Math.sqrt(offered * generatorLimit) : offered;
}

/**
 * One step of the bracket beyond what is known, at most. After few trials the belief has long tails, and a trial at the
 * end of one says nothing that a nearer one does not.
 */
function near({ highestKept, lowestBroken }: Knowledge, rate: number): number {
  const [kept, broken] = [highestKept?.rate ?? rate, lowestBroken?.rate ?? rate];
  return Math.min(Math.max(kept, broken) * FACTOR, Math.max(Math.min(kept, broken) / FACTOR, rate));
}

interface Edge {
  readonly capacity: number;
  readonly low: number;
  readonly high: number;
}

function intervalOf(belief: EdgeBelief, { confidence }: SearchOptions): Edge {
  const tail = (1 - confidence) * TAIL_SHARE;
  return { capacity: belief.quantile(0.5), low: belief.quantile(tail), high: belief.quantile(1 - tail) };
}

const isPrecise = ({ low, high }: Edge, { precision }: SearchOptions): boolean =>
  high / low <= (1 + precision) / (1 - precision);

function answerOf(known: Knowledge, edge: Edge): SearchAnswer {
  const { options, trials, generatorLimit, highestKept } = known;
  // "At least" is said of nothing that was not tried, however sure the belief is of what lies above.
  const tried = highestKept ? Math.min(edge.low, highestKept.rate) : edge.low;
  if (generatorLimit !== null && edge.high >= generatorLimit)
    return { kind: 'generator-limited', trials, atLeast: tried, generatorLimit };
  if (edge.capacity > options.highest) return { kind: 'above-range', trials, atLeast: tried };
  if (edge.capacity < options.lowest) return { kind: 'below-range', trials, atMost: edge.high };
  return {
    kind: 'found',
    trials,
    ...edge,
    confidence: options.confidence,
    precise: isPrecise(edge, options),
  };
}

/** The best that can be said when there will be no more trials. */
function bestAnswer(known: Knowledge): SearchAnswer {
  const { options, counts, trials, highestKept, lowestBroken, generatorLimit } = known;
  const anyKept = counts.some(({ kept }) => kept > 0);
  const anyBroken = counts.some(({ broken }) => broken > 0);
  if (anyKept && anyBroken) return answerOf(known, intervalOf(believe(counts, options), options));
  if (generatorLimit !== null)
    return { kind: 'generator-limited', trials, atLeast: highestKept?.rate ?? null, generatorLimit };
  if (highestKept) return { kind: 'above-range', trials, atLeast: highestKept.rate };
  if (lowestBroken) return { kind: 'below-range', trials, atMost: lowestBroken.rate };
  return { kind: 'unanswered', trials, why: 'no trial was valid' };
}
