/** The verdicts of a run, looked up and counted. */
import type { Metric } from '../../record/metrics.ts';
import type { Comparison } from '../../record/summary.ts';
import type { Verdict } from '../../record/verdict.ts';
import { fewestBlocks } from '../statistics/smallest-effect.ts';
import { blocksToSettle, smallestSeen, turned } from '../statistics/verdict.ts';

export interface Tally {
  readonly different: number;
  readonly same: number;
  readonly open: number;
}

export interface Outlook {
  /** Blocks in all that would settle half of the open comparisons that blocks can settle; null where none can. */
  readonly half: number | null;
  /** The same for all of them. */
  readonly all: number | null;
  /** Open comparisons that no practical number of blocks would settle. */
  readonly never: number;
}

export class Verdicts {
  readonly all: readonly Comparison[];

  constructor(comparisons: readonly Comparison[]) {
    this.all = comparisons;
  }

  of(metric: Metric): Verdicts {
    return new Verdicts(this.all.filter((each) => each.metric === metric));
  }

  /** Turned so that the candidate is the one that is asked about; null where the pair was not compared. */
  between(candidate: string, baseline: string, metric: Metric): Verdict | null {
    for (const { sentence: _sentence, remedy: _remedy, ...verdict } of this.all) {
      if (verdict.metric !== metric) continue;
      if (verdict.candidate === candidate && verdict.baseline === baseline) return verdict;
      if (verdict.candidate === baseline && verdict.baseline === candidate) return turned(verdict);
    }
    return null;
  }

  get open(): readonly Comparison[] {
    return this.all.filter(({ verdict }) => verdict === 'INCONCLUSIVE');
  }

  get tally(): Tally {
    const count = (verdict: Comparison['verdict']): number =>
      this.all.filter((each) => each.verdict === verdict).length;
    return { different: count('DIFFERENT'), same: count('SAME'), open: count('INCONCLUSIVE') };
  }

  /** Blocks behind the comparison that has most of them. */
  get mostPairs(): number {
    return Math.max(0, ...this.all.map(({ pairs }) => pairs));
  }

  /**
   * The fewest blocks with which a difference of any size could have been called one, where this run had too few for
   * every comparison; null where at least one could have been conclusive.
   */
  get fewestBlocks(): number | null {
    const hopeless = this.all.every((each) => each.verdict === 'INCONCLUSIVE' && smallestSeen(each) === null);
    if (!hopeless || this.all.length === 0) return null;
    return fewestBlocks;
  }

  /** What more blocks would bring, if effects and noise stay as this run saw them. */
  get outlook(): Outlook {
    const blocks = this.open.flatMap((verdict) => blocksToSettle(verdict) ?? []).sort((a, b) => a - b);
    return {
      half: blocks[Math.ceil(blocks.length / 2) - 1] ?? null,
      all: blocks.at(-1) ?? null,
      never: this.open.length - blocks.length,
    };
  }

  /** Smallest ratios that the open comparisons could have seen, ascending; those that could see none are not in it. */
  get sight(): readonly number[] {
    return this.open.flatMap((verdict) => smallestSeen(verdict) ?? []).sort((a, b) => a - b);
  }
}
