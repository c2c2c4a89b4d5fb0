/** Is the system still warming up when measuring begins? */
import { normalCdf } from '../distributions/normal.ts';
import { median, midranks, tieSizes } from '../order.ts';
import { CHECK_LEVEL, type Finding } from './finding.ts';

export interface LeakingWarmup {
  /** Median over trials of: median of the first seconds / median of the rest. Above 1: it began slower or dearer. */
  readonly ratio: number;
  /** Two-sided, over all trials. */
  readonly p: number;
  /** Seconds at the start of each trial that were held against the rest. */
  readonly firstSeconds: number;
}

/** A start that differs by less than this is left alone, as a share. */
const RELEVANT = 0.05;
const FEWEST_SECONDS = 6;

interface RankSum {
  /** Rank sum of the first values less its expectation, and its variance. */
  readonly excess: number;
  readonly variance: number;
}

/** Wilcoxon's rank sum with the variance for ties (Lehmann 1975, §1.4). */
function rankSum(first: readonly number[], rest: readonly number[]): RankSum {
  const all = [...first, ...rest];
  const n = all.length;
  const ranks = midranks(all);
  const sum = ranks.slice(0, first.length).reduce((total, rank) => total + rank, 0);
  const ties = tieSizes(all).reduce((total, size) => total + size ** 3 - size, 0);
  return {
    excess: sum - (first.length * (n + 1)) / 2,
    variance: n < 2 ? 0 : ((first.length * rest.length) / 12) * (n + 1 - ties / (n * (n - 1))),
  };
}

/**
 * Two-sided p of "the first values are like the rest" over several trials: Wilcoxon's rank sums added up over trials
 * (van Elteren 1960), in the normal limit. 1 when everything is tied.
 */
export function stratifiedRankSumP(
  strata: readonly { readonly first: readonly number[]; readonly rest: readonly number[] }[],
): number {
  const sums = strata.map(({ first, rest }) => rankSum(first, rest));
  const excess = sums.reduce((total, each) => total + each.excess, 0);
  const variance = sums.reduce((total, each) => total + each.variance, 0);
  return variance === 0 ? 1 : Math.min(1, 2 * normalCdf(-Math.abs(excess) / Math.sqrt(variance)));
}

/**
 * Holds the first fifth (at least 2 s) of each trial against its rest. Seen where they differ significantly and by
 * 5 % or more.
 * @param trials for each trial one positive value a second, in order of time
 */
export function checkWarmup(trials: readonly (readonly number[])[]): Finding<LeakingWarmup> {
  const usable = trials.filter(
    (series) => series.length >= FEWEST_SECONDS && series.every((each) => each > 0 && Number.isFinite(each)),
  );
  const shortest = Math.min(...usable.map((series) => series.length));
  if (usable.length === 0)
    return { status: 'unknown', why: `no trial has ${FEWEST_SECONDS} seconds with positive values` };
  const firstSeconds = Math.max(2, Math.floor(shortest / 5));
  const strata = usable.map((series) => ({
    first: series.slice(0, firstSeconds),
    rest: series.slice(firstSeconds),
  }));
  const ratios = strata.map(({ first, rest }) => (median(first) ?? 1) / (median(rest) ?? 1));
  const ratio = median(ratios) ?? 1;
  const p = stratifiedRankSumP(strata);
  const relevant = Math.abs(Math.log(ratio)) >= Math.log1p(RELEVANT);
  return { status: p < CHECK_LEVEL && relevant ? 'seen' : 'not-seen', ratio, p, firstSeconds };
}
