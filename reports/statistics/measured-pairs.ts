/** Every pair of the strategies of one metric, with what the trials of all of them say of it. */
import type { Metric } from '../../record/metrics.ts';
import type { Comparison, Side } from './compare.ts';
import { largestOf, type Observation, type PairedRatios, pairWithinBlocks } from './paired.ts';
import { fewestBlocks } from './smallest-effect.ts';
import { AllPairs, type PairInterval } from './tukey.ts';

/** One metric of all strategies. */
export interface Compared {
  readonly metric: Metric;
  readonly sides: readonly Side[];
}

export interface Pair {
  readonly comparison: Comparison;
  readonly paired: PairedRatios;
  /** Null where no chain of common blocks links the two. */
  readonly found: PairInterval | null;
  /** Both have as many values as tell a noise. */
  readonly repeated: boolean;
}

/** Values have three digits, so that equal ones may differ by half of the last. */
export const leastNoise = 0.0005;

/**
 * In the order of the sides; the one that comes first is the baseline.
 * @param level for all pairs together
 */
export function pairsOf({ metric, sides }: Compared, level: number): Pair[] {
  const slowest = largestOf(
    sides.flatMap(({ trials }) => trials.map(({ value }) => value)),
    Math.max(0, ...sides.map(({ answers }) => answers.slowest)),
  );
  const sound = sides.filter(({ trials }) =>
    trials.every(({ value }) => value === null || hasLogarithm(value)),
  );
  const common = fitOf(
    sound.map(({ trials }) => trials),
    level,
  );
  return sides.flatMap((baseline, at) =>
    sides.slice(at + 1).map((candidate): Pair => {
      const paired = pairWithinBlocks(baseline.trials, candidate.trials, slowest);
      const [i, j] = [sound.indexOf(baseline), sound.indexOf(candidate)];
      const both = i >= 0 && j >= 0;
      // A side without logarithms is in no fit but its own pairs', where the slowest answer stands for none.
      const others = sound
        .filter((side) => side !== baseline && side !== candidate)
        .map(({ trials }) => trials);
      const pair = [baseline, candidate].map((side) => withStandIns(side.trials, slowest, paired));
      const fit = both ? common : fitOf([...pair, ...others], level);
      const [from, to] = both ? [i, j] : [0, 1];
      return {
        comparison: { metric, baseline, candidate },
        paired,
        found: fit.between(from, to),
        repeated: [from, to].every((side) => fit.fit.trials(side) >= fewestBlocks),
      };
    }),
  );
}

const fitOf = (sides: readonly (readonly Observation[])[], level: number): AllPairs =>
  new AllPairs(sides, level, leastNoise);

const hasLogarithm = (value: number): boolean => value > 0 && Number.isFinite(value);

function withStandIns(
  trials: readonly Observation[],
  slowest: number,
  { unusable }: PairedRatios,
): Observation[] {
  const left = new Set(unusable.map(({ block }) => block));
  return trials.map(({ block, value }) => {
    const shown = value === Number.POSITIVE_INFINITY ? slowest : value;
    return { block, value: shown === null || left.has(block) || !hasLogarithm(shown) ? null : shown };
  });
}
