/** All strategies in order of one metric, with ties where the data does not separate them. */
import { better, type Metric } from '../../record/metrics.ts';
import { accidentShare } from '../../record/unanswered.ts';
import type { Verdict } from '../../record/verdict.ts';
import { preferred, turned } from './verdict.ts';

export interface RankedStrategy {
  readonly strategy: string;
  /** The best and the worst place, from 1, that the separated pairs leave open. Equal when the place is certain. */
  readonly place: { readonly best: number; readonly worst: number };
  /** Two strategies share a letter exactly when nothing separates them. */
  readonly letters: string;
  /** Its value over the best-placed strategy's, by all pairs together; the first has 1. */
  readonly ratioToFirst: number;
}

export interface Ranking {
  readonly metric: Metric;
  /** Best first. */
  readonly ranked: readonly RankedStrategy[];
  /** Strategies that could not be compared with every other one. */
  readonly unranked: readonly string[];
  /** True when no two places are separated. */
  readonly allTied: boolean;
}

type PairEffects = ReadonlyMap<string, Verdict & { readonly ratio: number }>;

const pairKey = (a: string, b: string): string => JSON.stringify([a, b]);

/**
 * Ranks by verdicts of all pairs on one metric (those on other metrics are passed over).
 *
 * The order is by the mean of a strategy's pairwise log ratios to all others, which is consistent where single pairwise
 * estimates need not be (Lehmann 1964, Ann. Math. Stat. 35:726). A pair is separated when its verdict is DIFFERENT in
 * the direction of that order; places and letters follow from the separated pairs alone, so they never contradict
 * each other. Letters are the maximal sets of strategies without a separated pair (Piepho 2004, J. Comput. Graph.
 * Stat. 13:456). Strategies that left more operations unanswered than accidents explain come last, whatever their
 * numbers: no verdict favours them over those that answered.
 */
export function rankStrategies(
  metric: Metric,
  strategies: readonly string[],
  verdicts: readonly Verdict[],
): Ranking {
  const effects = effectsOf(metric, verdicts);
  const { comparable, rest } = comparableSet(strategies, effects);
  const scores = new Map(comparable.map((name) => [name, scoreOf(name, comparable, effects)]));
  const sign = better(metric) === 'lower' ? 1 : -1;
  const score = (name: string) => scores.get(name) ?? 0;
  const leaving = leavingUnanswered(verdicts);
  const order = [...comparable].sort(
    (a, b) =>
      Number(leaving.has(a)) - Number(leaving.has(b)) ||
      sign * (score(a) - score(b)) ||
      (a < b ? -1 : a > b ? 1 : 0),
  );
  const separated = (ahead: number, behind: number): boolean => {
    const [a, b] = [order[ahead], order[behind]];
    if (a === undefined || b === undefined || ahead >= behind) return false;
    const effect = effects.get(pairKey(a, b));
    return effect !== undefined && preferred(effect) === 'baseline';
  };
  const letters = lettersOf(order.length, (i, j) => separated(Math.min(i, j), Math.max(i, j)));
  const first = order[0];
  const ranked = order.map((strategy, index) => ({
    strategy,
    place: placeOf(index, order.length, separated),
    letters: letters[index] ?? '',
    ratioToFirst: first === undefined ? 1 : Math.exp(score(strategy) - score(first)),
  }));
  return { metric, ranked, unranked: rest, allTied: ranked.every(({ letters: own }) => own === 'a') };
}

const leavingUnanswered = (verdicts: readonly Verdict[]): ReadonlySet<string> =>
  new Set(
    verdicts.flatMap(({ baseline, candidate, unansweredShare }) => [
      ...(unansweredShare.baseline > accidentShare ? [baseline] : []),
      ...(unansweredShare.candidate > accidentShare ? [candidate] : []),
    ]),
  );

/** Verdict of each ordered pair [a, b] as b over a; a pair given one way round serves both. */
function effectsOf(metric: Metric, verdicts: readonly Verdict[]): PairEffects {
  const effects = new Map<string, Verdict & { ratio: number }>();
  for (const given of verdicts)
    for (const verdict of [given, turned(given)]) {
      const { ratio } = verdict;
      if (verdict.metric !== metric || ratio === null) continue;
      effects.set(pairKey(verdict.baseline, verdict.candidate), { ...verdict, ratio });
    }
  return effects;
}

/** Leaves out the strategy with most pairs missing until every pair of the others has an effect. */
function comparableSet(
  strategies: readonly string[],
  effects: PairEffects,
): { comparable: readonly string[]; rest: readonly string[] } {
  // By name, so that sums are the same to the last bit in whatever order strategies are given.
  let comparable = [...new Set(strategies)].sort();
  const rest: string[] = [];
  for (;;) {
    const gaps = comparable.map(
      (name) => comparable.filter((other) => other !== name && !effects.has(pairKey(name, other))).length,
    );
    const most = Math.max(0, ...gaps);
    const worst = comparable[gaps.lastIndexOf(most)];
    if (most === 0 || worst === undefined) break;
    rest.push(worst);
    comparable = comparable.filter((name) => name !== worst);
  }
  return { comparable, rest };
}

function scoreOf(name: string, strategies: readonly string[], effects: PairEffects): number {
  const logs = strategies.map((other) => Math.log(effects.get(pairKey(other, name))?.ratio ?? 1));
  return logs.reduce((sum, each) => sum + each, 0) / Math.max(1, strategies.length);
}

function placeOf(
  index: number,
  count: number,
  separated: (ahead: number, behind: number) => boolean,
): { best: number; worst: number } {
  let ahead = 0;
  let behind = 0;
  for (let other = 0; other < count; other += 1) {
    if (separated(other, index)) ahead += 1;
    if (separated(index, other)) behind += 1;
  }
  return { best: 1 + ahead, worst: count - behind };
}

/** `a` to `z`, then `a1` and so on. */
const letterOf = (index: number): string =>
  `${String.fromCharCode(97 + (index % 26))}${index < 26 ? '' : Math.floor(index / 26)}`;

/** Maximal sets without a separated pair (Bron & Kerbosch 1973, algorithm 457), in order of their first member. */
function lettersOf(count: number, separated: (i: number, j: number) => boolean): string[] {
  const tied = (i: number, j: number) => i !== j && !separated(i, j);
  const groups: number[][] = [];
  const grow = (group: readonly number[], candidates: readonly number[], done: readonly number[]): void => {
    if (candidates.length === 0 && done.length === 0) groups.push([...group].sort((a, b) => a - b));
    const passed = [...done];
    candidates.forEach((next, at) => {
      const open = candidates.slice(at + 1);
      grow(
        [...group, next],
        open.filter((i) => tied(i, next)),
        passed.filter((i) => tied(i, next)),
      );
      passed.push(next);
    });
  };
  if (count > 0)
    grow(
      [],
      Array.from({ length: count }, (_, i) => i),
      [],
    );
  groups.sort((a, b) => {
    const at = a.findIndex((member, i) => member !== b[i]);
    return at === -1 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? 0);
  });
  return Array.from({ length: count }, (_, member) =>
    groups.map((group, index) => (group.includes(member) ? letterOf(index) : '')).join(''),
  );
}
