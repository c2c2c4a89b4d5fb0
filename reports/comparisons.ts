/**
 * All strategies of a run held against each other: every pair on every judged metric, judged as one family, and the
 * rankings that follow.
 */

import type { Metric } from '../record/metrics.ts';
import type { ReadRun } from '../record/read/run.ts';
import { validTrialsOf } from '../record/read/trials.ts';
import { defaultRule, type Rule } from '../record/rule.ts';
import type { Comparison, Ranking, StrategySummary } from '../record/summary.ts';
import type { Verdict } from '../record/verdict.ts';
import { judgeFamily, type Side } from './statistics/compare.ts';
import type { Observation } from './statistics/paired.ts';
import { fewestPairs } from './statistics/power.ts';
import { rankStrategies } from './statistics/ranking.ts';
import { trialValue } from './statistics/trial-values.ts';
import { turned } from './statistics/turn.ts';
import { remedy, sentence } from './words/sentence.ts';

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
export type JudgedMetric = (typeof judgedMetrics)[number];

/**
 * The gate's rule at a level of 5 %. Six strategies on four metrics are 60 comparisons, and the smallest p of 12 blocks
 * is 1/2048: Holm at 1 % over 60 could call nothing DIFFERENT, however clear. docs/statistics-simulated.md shows how
 * often a run of equal strategies is called anything else at this level.
 */
export const reportRule: Rule = { ...defaultRule, level: 0.05 };

/** One value for each valid trial of a strategy, by block; a trial without the value has null. */
export function observationsOf(run: ReadRun, strategy: string, metric: Metric): Observation[] {
  const trials = validTrialsOf(run.trials, strategy);
  const hasStore = trials.some(({ record }) => record.usage.store !== null) || namesServers(run, strategy);
  return trials.map(({ record, measures }) => ({
    block: record.block,
    value: trialValue(metric, record, measures.operations, hasStore),
  }));
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
      sides: measured.map(({ name }): Side => ({ name, trials: observationsOf(run, name, metric) })),
    }))
    .filter(({ sides }) => sides.some(({ trials }) => trials.some(({ value }) => value !== null)));
  const verdicts = judgeFamily(
    sides.flatMap(({ metric, sides }) =>
      pairsOf(sides).map(([baseline, candidate]) => ({ metric, baseline, candidate })),
    ),
    reportRule,
  );
  const titles = new Map(measured.map(({ name, title }) => [name, title]));
  const names = measured.map(({ name }) => name);
  return {
    comparisons: verdicts.map((verdict) => ({
      ...verdict,
      sentence: sentence(withTitles(verdict, titles)),
      remedy: remedy(verdict),
    })),
    rankings: sides.map(({ metric }) => rankStrategies(metric, names, verdicts)).map(asKept),
  };
}

function pairsOf<Item>(items: readonly Item[]): [Item, Item][] {
  return items.flatMap((first, at) => items.slice(at + 1).map((second): [Item, Item] => [first, second]));
}

const asKept = ({ metric, ranked, unranked, allTied }: ReturnType<typeof rankStrategies>): Ranking => ({
  metric,
  ranked: ranked.map((each) => ({ ...each, place: { ...each.place } })),
  unranked: [...unranked],
  allTied,
});

type Titles = ReadonlyMap<string, string>;

function withTitles<Of extends Verdict>(verdict: Of, titles: Titles): Of {
  const title = (name: string): string => titles.get(name) ?? name;
  return { ...verdict, baseline: title(verdict.baseline), candidate: title(verdict.candidate) };
}

interface Compared {
  readonly strategies: readonly StrategySummary[];
  readonly comparisons: readonly Comparison[];
}

/** The verdict on a pair, turned so that the candidate is the one that is asked about; null where there is none. */
export function verdictOn(
  { comparisons }: Pick<Compared, 'comparisons'>,
  metric: Metric,
  candidate: string,
  baseline: string,
): Verdict | null {
  for (const { sentence: _sentence, remedy: _remedy, ...verdict } of comparisons) {
    if (verdict.metric !== metric) continue;
    if (verdict.candidate === candidate && verdict.baseline === baseline) return verdict;
    if (verdict.candidate === baseline && verdict.baseline === candidate) return turned(verdict);
  }
  return null;
}

/** `Redis uses 18–23 % less CPU per request than PostgreSQL`, with titles in place of names. */
export function sentenceOf({ strategies }: Pick<Compared, 'strategies'>, verdict: Verdict): string {
  return sentence(withTitles(verdict, new Map(strategies.map(({ name, title }) => [name, title]))));
}

/**
 * The strategy that charts hold all others against: the first in CPU per request, the steadiest metric; without that
 * ranking the first of the first ranking there is. Null where nothing is ranked.
 */
export function referenceOf({ rankings }: { readonly rankings: readonly Ranking[] }): string | null {
  const ranking = rankings.find(({ ranked }) => ranked.length > 0);
  return ranking?.ranked[0]?.strategy ?? null;
}

export const titleOf = ({ strategies }: Pick<Compared, 'strategies'>, name: string): string =>
  strategies.find((strategy) => strategy.name === name)?.title ?? name;

export interface AgainstReference {
  /** Title of the strategy that is held against the reference, which is the verdict's baseline. */
  readonly title: string;
  readonly verdict: Verdict;
  readonly sentence: string;
  readonly remedy: string | null;
}

/** Every measured strategy against the reference, metric by metric. */
export function againstReference(
  summary: Compared & { readonly rankings: readonly Ranking[] },
  order: readonly StrategySummary[] = summary.strategies,
): AgainstReference[] {
  const reference = referenceOf(summary);
  if (reference === null) return [];
  return summary.rankings.flatMap(({ metric }) =>
    order.flatMap(({ name, title }) => {
      const verdict = verdictOn(summary, metric, name, reference);
      if (verdict === null) return [];
      return [{ title, verdict, sentence: sentenceOf(summary, verdict), remedy: remedy(verdict) }];
    }),
  );
}

/** What the comparisons come to in numbers, and how many blocks the open ones would take. */
export interface Tally {
  readonly different: number;
  readonly same: number;
  readonly open: number;
}

export function tallyVerdicts(comparisons: readonly Pick<Comparison, 'verdict'>[]): Tally {
  const count = (verdict: Comparison['verdict']): number =>
    comparisons.filter((each) => each.verdict === verdict).length;
  return { different: count('DIFFERENT'), same: count('SAME'), open: count('INCONCLUSIVE') };
}

/**
 * The fewest blocks with which a difference of any size could have been called one, where this run had too few for
 * every comparison; null where at least one could have been conclusive.
 */
export function fewestBlocksForAny(verdicts: readonly Verdict[]): number | null {
  const none = verdicts.every(
    ({ verdict, smallestEffect }) => verdict === 'INCONCLUSIVE' && smallestEffect.kind !== 'effect',
  );
  if (!none || verdicts.length === 0) return null;
  const { level, confidence } = reportRule;
  return Math.max(fewestPairs(level, verdicts.length), fewestPairs(1 - confidence, 1));
}

export interface Outlook {
  /** Blocks in all that would settle half of the open comparisons that blocks can settle; null where none can. */
  readonly half: number | null;
  /** The same for all of them. */
  readonly all: number | null;
  /** Open comparisons that no practical number of blocks would settle. */
  readonly never: number;
}

/** What more blocks would bring, if effects and noise stay as this run saw them. */
export function outlook(verdicts: readonly Verdict[]): Outlook {
  const open = verdicts.flatMap((verdict) => (verdict.verdict === 'INCONCLUSIVE' ? [verdict] : []));
  const blocks = open
    .flatMap(({ needed, pairs }) => (needed.kind === 'none' ? [] : [Math.max(needed.blocks, pairs + 1)]))
    .sort((a, b) => a - b);
  return {
    half: blocks[Math.ceil(blocks.length / 2) - 1] ?? null,
    all: blocks.at(-1) ?? null,
    never: open.length - blocks.length,
  };
}
