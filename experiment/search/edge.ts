/**
 * Where the edge lies, given which trials kept the promise: a Bayesian fit of a falling curve.
 *
 * The chance of keeping the promise falls with the logarithm of the rate as a logistic curve (practically a probit)
 * of unknown place and unknown steepness; now and then a trial comes out wrong at any rate. This is how thresholds are
 * measured in psychophysics (Kontsevich & Tyler 1999, Vision Research 39:2729; lapses: Wichmann & Hill 2001).
 * tests/search/simulate.ts shows how often the interval holds the true edge.
 */
import type { SearchOptions, SearchOutcome } from './outcome.ts';

/** Chance that a trial comes out wrong whatever its rate. */
const LAPSE = 0.02;
/** Widths of the edge on the log scale that are thought possible, equally likely: 0.5 % to 60 %. */
const widths = [0.005, 0.015, 0.04, 0.1, 0.25, 0.6] as const;
/** Points between two neighbouring rates, and beyond the outermost ones. */
const POINTS_BETWEEN = 6;
const POINTS_BEYOND = 16;
/** The edge may lie this factor beyond the limits of the search. */
const BEYOND_LIMITS = 4;

export interface RateCount {
  readonly rate: number;
  readonly kept: number;
  readonly broken: number;
}

/** Outcomes that say something of the strategy, counted by rate, ascending. */
export function countByRate(history: readonly SearchOutcome[]): readonly RateCount[] {
  const counts = new Map<number, { rate: number; kept: number; broken: number }>();
  for (const { kind, rate } of history) {
    if (kind !== 'kept' && kind !== 'broken') continue;
    const count = counts.get(rate) ?? { rate, kept: 0, broken: 0 };
    count[kind] += 1;
    counts.set(rate, count);
  }
  return [...counts.values()].sort((a, b) => a.rate - b.rate);
}

/** Places on the log scale: dense between rates that were tried, where the curve may change. */
function places(counts: readonly RateCount[], options: SearchOptions): readonly number[] {
  const tried = counts.map(({ rate }) => Math.log(rate));
  const ends = [
    Math.log(options.lowest / BEYOND_LIMITS),
    ...tried,
    Math.log(options.highest * BEYOND_LIMITS),
  ];
  const grid: number[] = [];
  for (let i = 0; i + 1 < ends.length; i += 1) {
    const [from, to] = [ends[i] ?? 0, ends[i + 1] ?? 0];
    const outermost = i === 0 || i + 2 === ends.length;
    const steps = outermost ? POINTS_BEYOND : POINTS_BETWEEN;
    for (let step = 0; step < steps; step += 1) {
      const share = step / steps;
      // Beyond the outermost rates the points crowd towards them.
      const at = i === 0 ? 1 - (1 - share) ** 3 : outermost ? share ** 3 : share;
      grid.push(from + at * (to - from));
    }
  }
  grid.push(ends.at(-1) ?? 0);
  return grid;
}

interface Evidence {
  readonly logRate: number;
  readonly kept: number;
  readonly broken: number;
}

function logLikelihood(evidence: readonly Evidence[], edge: number, width: number): number {
  // 1.7 turns a probit's width into a logistic one's.
  const steepness = 1.7 / width;
  let sum = 0;
  for (const { logRate, kept, broken } of evidence) {
    const clean = 1 / (1 + Math.exp((logRate - edge) * steepness));
    const chance = LAPSE / 2 + (1 - LAPSE) * clean;
    if (kept > 0) sum += kept * Math.log(chance);
    if (broken > 0) sum += broken * Math.log(1 - chance);
  }
  return sum;
}

/** Belief about the edge after some trials. */
export interface EdgeBelief {
  /** The rate below which the edge lies with probability `share` (0 to 1). */
  quantile(share: number): number;
}

export function believe(counts: readonly RateCount[], options: SearchOptions): EdgeBelief {
  const grid = places(counts, options);
  const evidence = counts.map(({ rate, kept, broken }) => ({ logRate: Math.log(rate), kept, broken }));
  const logs = grid.map((edge) => widths.map((width) => logLikelihood(evidence, edge, width)));
  const best = Math.max(...logs.flat());
  const density = logs.map((row) => row.reduce((sum, each) => sum + Math.exp(each - best), 0));
  const cumulated = [0];
  for (let i = 1; i < grid.length; i += 1) {
    const width = (grid[i] ?? 0) - (grid[i - 1] ?? 0);
    cumulated.push((cumulated[i - 1] ?? 0) + (width * ((density[i] ?? 0) + (density[i - 1] ?? 0))) / 2);
  }
  const total = cumulated.at(-1) ?? 0;
  return {
    quantile: (share) => {
      const wanted = share * total;
      const after = Math.max(
        1,
        cumulated.findIndex((each) => each >= wanted),
      );
      const [from, to] = [cumulated[after - 1] ?? 0, cumulated[after] ?? 0];
      const part = to > from ? (wanted - from) / (to - from) : 0;
      const [left, right] = [grid[after - 1] ?? 0, grid[after] ?? 0];
      return Math.exp(left + part * (right - left));
    },
  };
}
