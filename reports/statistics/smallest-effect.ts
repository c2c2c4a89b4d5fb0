/** What a run can find when all pairs of its strategies are compared by the studentized range (tukey.ts). */
import type { Rule } from '../../record/rule.ts';
import { normalDensity, normalQuantile } from './distributions/normal.ts';
import { type BlocksNeeded, MOST_CONSIDERED } from './power.ts';
import { criticalRange, EXCESS_SHARE } from './tukey.ts';

/** How much a run measures. */
export interface RunSize {
  /** Trials of each strategy. */
  readonly blocks: number;
  readonly strategies: number;
  /** Metrics that are judged, and share the level. */
  readonly metrics: number;
}

/** One block tells no noise. */
export const fewestBlocks = 2;

/**
 * The smallest ratio (1.25 for +25 % or -20 %) that a run calls DIFFERENT with the rule's power: what its plan may promise.
 * @param spread standard deviation of the paired log ratios of two strategies, about 0.05 for 5 %
 * @returns null where no difference can be found, however large
 */
export function smallestEffectOfRun(
  { blocks, strategies, metrics }: RunSize,
  spread: number,
  rule: Rule,
): number | null {
  if (strategies < 2 || blocks < fewestBlocks) return null;
  const freedom = (blocks - 1) * (strategies - 1);
  const beyond = beyondFloor(strategies, freedom, rule.level / Math.max(1, metrics), rule.power);
  const ratio = (1 + rule.floor) * Math.exp((beyond * spread) / Math.sqrt(blocks));
  return Number.isFinite(ratio) ? ratio : null;
}

/** From here on, blocks are tried in steps of a tenth: what is computed from noise is no more exact. */
const FINE_BLOCKS = 20;
const triedBlocks: readonly number[] = stepsUpTo(MOST_CONSIDERED);

function stepsUpTo(most: number): number[] {
  const steps: number[] = [];
  for (
    let blocks = fewestBlocks;
    blocks <= most;
    blocks = blocks < FINE_BLOCKS ? blocks + 1 : Math.ceil(blocks * 1.1)
  )
    steps.push(blocks);
  return steps;
}

/**
 * How many blocks would make a pair conclusive with the rule's power, to a tenth.
 * @param effect log ratio as estimated
 * @param noise standard deviation of one log value
 * @param strategies that are compared together
 * @param level for all pairs of one metric together
 */
export function blocksToShow(
  effect: number,
  noise: number,
  strategies: number,
  level: number,
  { floor, power }: Pick<Rule, 'floor' | 'power'>,
): BlocksNeeded {
  const room = Math.abs(Math.abs(effect) - Math.log1p(floor));
  const enough = (blocks: number): boolean =>
    beyondFloor(strategies, (blocks - 1) * (strategies - 1), level, power) * noise * Math.sqrt(2 / blocks) <=
    room;
  let [short, found] = [-1, triedBlocks.length];
  while (found - short > 1) {
    const middle = (short + found) >> 1;
    if (enough(triedBlocks[middle] ?? MOST_CONSIDERED)) found = middle;
    else short = middle;
  }
  const blocks = triedBlocks[found];
  if (blocks === undefined) return { kind: 'none' };
  return { kind: 'blocks', blocks, toward: Math.abs(effect) > Math.log1p(floor) ? 'DIFFERENT' : 'SAME' };
}

/**
 * How far beyond the floor a difference must lie for its interval to clear the floor with the power, in standard errors
 * of the difference. The normal approximation of a noncentral t, with the noise that AllPairs takes: that of all, and a part of
 * what the pair has above it (Clark 1961, Oper. Res. 9:145, for the larger of two normal values).
 * @param level for all pairs of one metric together
 */
export function beyondFloor(strategies: number, freedom: number, level: number, power: number): number {
  const critical = criticalRange(level, strategies, freedom) / Math.SQRT2;
  const { mean, variance } = noiseTaken(strategies, freedom);
  return critical * mean + normalQuantile(power) * Math.sqrt(1 + critical ** 2 * variance);
}

/** Mean and variance of the noise that an interval takes, over the true one. */
function noiseTaken(strategies: number, freedom: number): { mean: number; variance: number } {
  const ofAll = 2 / freedom;
  const ofPair = strategies < 3 ? ofAll : pairVariance(strategies, freedom / (strategies - 1));
  // Of what the pair's is above that of all: mean and variance of the positive part of a normal value.
  const excess = Math.max(0, ofPair - ofAll);
  const apart = Math.sqrt(excess) * normalDensity(0);
  const square = {
    mean: 1 + EXCESS_SHARE * apart,
    variance: ofAll + EXCESS_SHARE ** 2 * (excess / 2 - apart ** 2),
  };
  // From a variance to a standard deviation, by the first terms of the root's series.
  return {
    mean: Math.sqrt(square.mean) * (1 - square.variance / (8 * square.mean ** 2)),
    variance: square.variance / (4 * square.mean),
  };
}

/** Variance of a pair's own variance (`ownVariance` of block-design.ts, the mean of two), over the square of the true one. */
function pairVariance(strategies: number, freedomOfOne: number): number {
  const share = 1 / strategies;
  const ofRests = (1 - share) ** 2 + share ** 2;
  const ofAll = (2 * share ** 2) / (strategies - 1);
  const common = 4 * share ** 2;
  return (ofRests + ofAll - common) / (1 - 2 * share) ** 2 / freedomOfOne;
}
