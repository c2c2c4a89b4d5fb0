/** How often each verdict came, by what had been done to the candidate. */

import type { Metric } from '../../record/metrics.ts';
import {
  type SelftestComparison,
  type SelftestRecord,
  type SlowKind,
  slowKinds,
} from '../../record/selftest.ts';
import { clopperPearson, type ShareInterval } from '../statistics/distributions/beta.ts';
import { median } from '../statistics/order.ts';

export interface Tally {
  /** Says nothing of A/A comparisons. */
  readonly slow: SlowKind;
  /** 0 for A/A comparisons. */
  readonly addedShare: number;
  readonly comparisons: number;
  readonly regression: number;
  /** No regression, `better` included. */
  readonly ok: number;
  /** A budget's metric was called better by more than the budget. */
  readonly better: number;
  readonly inconclusive: number;
  readonly invalid: number;
  /** Of calling it a regression, or where nothing was added: of any false claim. Invalid comparisons are left out. */
  readonly called: number;
  readonly judged: number;
  readonly interval: ShareInterval;
  /** Median over the comparisons of the estimated ratio, by metric; null where there was none. */
  readonly seen: readonly { readonly metric: Metric; readonly ratio: number | null }[];
}

const saysBetter = ({ results }: SelftestComparison): boolean => results.some(({ improved }) => improved);

/** What the gate must not say of equal sides, and must say of a slower one. */
export const isCalled = (comparison: SelftestComparison): boolean =>
  comparison.outcome === 'regression' || (comparison.addedShare === 0 && saysBetter(comparison));

/** A/A comparisons first, then each kind of slowdown, the smallest share first. @param comparisons of one self-test or more */
export function tallies({
  comparisons,
  budgets,
}: Pick<SelftestRecord, 'comparisons' | 'budgets'>): readonly Tally[] {
  const kindOf = ({ slow, addedShare }: SelftestComparison): number =>
    addedShare === 0 ? 0 : 1 + slowKinds.indexOf(slow);
  const sorted = comparisons.toSorted((a, b) => kindOf(a) - kindOf(b) || a.addedShare - b.addedShare);
  const groups = Map.groupBy(sorted, (each) => `${kindOf(each)} ${each.addedShare}`);
  return [...groups.values()]
    .flatMap((group) => (group[0] ? [{ group, first: group[0] }] : []))
    .map(({ group, first: { slow, addedShare } }) => {
      const count = (outcome: SelftestComparison['outcome']): number =>
        group.filter((each) => each.outcome === outcome).length;
      const judged = group.length - count('invalid');
      const called = group.filter(isCalled).length;
      return {
        slow,
        addedShare,
        comparisons: group.length,
        regression: count('regression'),
        ok: count('ok'),
        better: group.filter(saysBetter).length,
        inconclusive: count('inconclusive'),
        invalid: count('invalid'),
        called,
        judged,
        interval: clopperPearson(called, judged),
        seen: budgets.map(({ metric }) => ({
          metric,
          ratio: median(
            group.flatMap(({ results }) =>
              results.flatMap((result) =>
                result.metric === metric && result.verdict.ratio !== null ? [result.verdict.ratio] : [],
              ),
            ),
          ),
        })),
      };
    });
}
