/** The regression gate: verdicts held against budgets, and the exit code that follows. */

import type { ComparisonResult, GateOutcome } from '../../record/gate.ts';
import type { Metric } from '../../record/metrics.ts';
import { defaultRule, type Rule } from '../../record/rule.ts';
import type { Verdict } from '../../record/verdict.ts';
import { type Answers, type Comparison, judgeFamily } from '../statistics/compare.ts';
import type { Observation } from '../statistics/paired.ts';
import { preferred, worstBounded } from '../statistics/verdict.ts';
import { metricTitle } from '../words/metric.ts';
import { effectSize, remedy, sentence } from '../words/sentence.ts';
import type { Budget } from './budgets.ts';
import { type Names, worstOutcome } from './outcome.ts';

/** What one strategy gave on one metric, before (baseline) and after (candidate), paired by block. */
export interface GateInput {
  readonly strategy: string;
  readonly metric: Metric;
  readonly baseline: GateSide;
  readonly candidate: GateSide;
}

export interface GateSide {
  readonly trials: readonly Observation[];
  readonly answers: Answers;
}

/** `message` is one sentence without full stop: the change and its size, or what is missing. */
export type GateResult = Omit<ComparisonResult, 'values'>;

export interface GateDecision {
  readonly results: readonly GateResult[];
  readonly outcome: GateOutcome;
}

/**
 * Judges all inputs as one family, each with its budget as the floor. An input whose metric has no budget is an error
 * of the caller and is left out.
 * @param names of the two sides, for the sentences
 */
export function decideGate(
  inputs: readonly GateInput[],
  budgets: readonly Budget[],
  names: Names,
  rule: Rule = defaultRule,
): GateDecision {
  const shares = new Map(budgets.map(({ metric, share }) => [metric, share]));
  const judged = inputs.flatMap((input) => {
    const floor = shares.get(input.metric);
    return floor === undefined ? [] : [{ input, floor }];
  });
  const comparisons = judged.map(
    ({ input, floor }): Comparison => ({
      metric: input.metric,
      baseline: { name: names.baseline, ...input.baseline },
      candidate: { name: names.candidate, ...input.candidate },
      floor,
    }),
  );
  const results = judgeFamily(comparisons, rule).flatMap((verdict, index) => {
    const one = judged[index];
    return one ? [resultOf(one.input, one.floor, verdict)] : [];
  });
  return { results, outcome: worstOutcome(results.map(({ outcome }) => outcome)) };
}

function resultOf(input: GateInput, budget: number, verdict: Verdict): GateResult {
  const outcome = outcomeOf(verdict, budget);
  const improved = preferred(verdict) === 'candidate';
  return {
    strategy: input.strategy,
    metric: input.metric,
    budget,
    outcome,
    improved,
    message: `${input.strategy}: ${messageOf(input.metric, budget, outcome, improved, verdict)}`,
    verdict,
  };
}

function outcomeOf(verdict: Verdict, budget: number): GateOutcome {
  if (verdict.verdict !== 'INCONCLUSIVE') return preferred(verdict) === 'baseline' ? 'regression' : 'ok';
  if (verdict.cause === 'no-pairs' || verdict.cause === 'no-ratio') return 'invalid';
  // Of values that are worse than any number the interval is no bound, and one that favours a side that answers less is none.
  if (verdict.cause === 'unanswered' || verdict.noAnswer.candidate > 0) return 'inconclusive';
  // Not worse by the budget is enough (non-inferiority); how much better it is need not be settled.
  const worst = worstBounded(verdict);
  return worst !== null && worst <= 1 + budget ? 'ok' : 'inconclusive';
}

function messageOf(
  metric: Metric,
  budget: number,
  outcome: GateOutcome,
  improved: boolean,
  verdict: Verdict,
): string {
  const allowed = `budget ${effectSize(1 + budget)}`;
  if (outcome === 'regression') return `${sentence(verdict)} (${allowed})`;
  if (outcome === 'ok')
    return improved || verdict.verdict === 'SAME'
      ? sentence(verdict)
      : `${metricTitle(metric)} is no worse than the budget allows (${allowed})`;
  const next = remedy(verdict);
  return next === null || sentence(verdict).includes(next)
    ? sentence(verdict)
    : `${sentence(verdict)}; ${next}`;
}
