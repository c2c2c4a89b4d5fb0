/**
 * All strategies of a run held against each other: every pair on every judged metric, judged together, and the
 * rankings that follow.
 */
import type { Metric } from '../../record/metrics.ts';
import type { ReadRun } from '../../record/read/run.ts';
import { validTrialsOf } from '../../record/read/trials.ts';
import { defaultRule, type Rule } from '../../record/rule.ts';
import type { Comparison, Ranking, StrategySummary } from '../../record/summary.ts';
import { unansweredShare } from '../../record/unanswered.ts';
import type { Answers } from '../statistics/compare.ts';
import { judgePairs } from '../statistics/judge-pairs.ts';
import type { Observation } from '../statistics/paired.ts';
import { rankStrategies } from '../statistics/ranking.ts';
import { slowestAnswer, trialValue } from '../statistics/trial-values.ts';
import { remedy, sentence, withTitles } from '../words/sentence.ts';

/**
 * What a person chooses a session store by: its cost, how long a typical read and a typical write take, and the slow
 * end of reads. Few on purpose, since each judged metric makes the level stricter for all of them.
 */
export const judgedMetrics = [
  'cpuPerRequest',
  'read.p50',
  'write.p50',
  'read.p99',
] as const satisfies Metric[];

/**
 * The gate's floor and power, at a level that all metrics and pairs of the run share. It is below 5 %, so that noise of every
 * kind keeps to 5 % of runs (docs/measurements/2026-11-26-all-pairs-simulated.md). The intervals are those that the verdicts
 * are made of: all of a run hold together with this confidence.
 */
export const reportRule: Rule = { ...defaultRule, level: 0.025, confidence: 0.975 };

/** One value for each valid trial of a strategy, by block; a trial without the value has null. */
export function observationsOf(run: ReadRun, strategy: string, metric: Metric): Observation[] {
  const trials = validTrialsOf(run.trials, strategy);
  const hasStore = trials.some(({ record }) => record.usage.store !== null) || namesServers(run, strategy);
  return trials.map(({ record, measures }) => ({
    block: record.block,
    value: trialValue(metric, record, measures.operations, hasStore),
  }));
}

/** How a strategy answered in its valid trials. */
export function answersOf(run: ReadRun, strategy: string, metric: Metric): Answers {
  const trials = validTrialsOf(run.trials, strategy);
  return {
    unansweredShare: unansweredShare(trials.map(({ record }) => record)),
    slowest: Math.max(0, ...trials.map(({ measures }) => slowestAnswer(metric, measures.operations) ?? 0)),
  };
}

/** A strategy that names versions has servers of its own, also where their meter could never be read. */
const namesServers = ({ record }: ReadRun, strategy: string): boolean =>
  record.strategies.some(({ name, versions }) => name === strategy && versions.length > 0);

export interface Judged {
  readonly comparisons: Comparison[];
  readonly rankings: Ranking[];
}

/**
 * Compares all strategies that have a valid trial, each pair once: the baseline stands before the candidate in the
 * summary's list of strategies. Metrics of which no trial holds a value (the scenario has no such operation) are left out.
 */
export function compareStrategies(run: ReadRun, strategies: readonly StrategySummary[]): Judged {
  const measured = strategies.filter(({ status }) => status === 'valid');
  if (measured.length < 2) return { comparisons: [], rankings: [] };
  const sides = judgedMetrics
    .map((metric) => ({
      metric,
      sides: measured.map(({ name }) => ({
        name,
        trials: observationsOf(run, name, metric),
        answers: answersOf(run, name, metric),
      })),
    }))
    .filter(({ sides }) => sides.some(({ trials }) => trials.some(({ value }) => value !== null)));
  const verdicts = judgePairs(sides, reportRule);
  const names = measured.map(({ name }) => name);
  return {
    comparisons: verdicts.map((verdict) => ({
      ...verdict,
      sentence: sentence(withTitles(verdict, measured)),
      remedy: remedy(verdict),
    })),
    rankings: sides.map(({ metric }) => asKept(rankStrategies(metric, names, verdicts))),
  };
}

const asKept = ({ metric, ranked, unranked, allTied }: ReturnType<typeof rankStrategies>): Ranking => ({
  metric,
  ranked: ranked.map((each) => ({ ...each, place: { ...each.place } })),
  unranked: [...unranked],
  allTied,
});
