/** What the parts of a page share: the facts, and how each strategy is named and looks. */
import type { StrategySummary } from '../../record/summary.ts';
import type { Look, StrategyName } from '../document/document.ts';
import { lookOf } from '../document/looks.ts';
import type { Facts } from '../facts/facts.ts';
import { printable } from '../words/printable.ts';

export interface StrategyView {
  readonly summary: StrategySummary;
  /** Short enough for an axis. */
  readonly label: string;
  readonly look: Look;
  readonly shown: StrategyName;
}

export interface View<Of extends Facts = Facts> {
  readonly facts: Of;
  /** All strategies in reading order. */
  readonly strategies: readonly StrategyView[];
  /** Those with a valid trial: only they have numbers. */
  readonly measured: readonly StrategyView[];
}

const longestLabel = 22;
/** What a topology may have at most; a stored run may have been edited. */
const longestTitle = 60;

export function viewOf<Of extends Facts>(facts: Of): View<Of> {
  // By the run's own order, so that a strategy keeps its colour when its rank changes.
  const looks = new Map(facts.strategies.map(({ name }, i) => [name, lookOf(i)]));
  const taken = { labels: new Set<string>(), titles: new Set<string>() };
  const strategies = facts.inOrder.map((summary): StrategyView => {
    const whole = printable(summary.title);
    const label = uniqueLabel(whole, summary.name, taken.labels);
    const title = unique(shortened(whole, longestTitle), summary.name, taken.titles);
    const look = looks.get(summary.name) ?? lookOf(0);
    return { summary, label, look, shown: { kind: 'strategy', title, label, look } };
  });
  return { facts, strategies, measured: strategies.filter(({ summary }) => summary.status === 'valid') };
}

/** Short enough for an axis, and no other's. @param taken gets it */
export const uniqueLabel = (title: string, name: string, taken: Set<string>): string =>
  unique(shortened(title, longestLabel), name, taken);

const shortened = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`;

/** The name where another strategy has the words. */
function unique(words: string, name: string, taken: Set<string>): string {
  const own = taken.has(words) ? name : words;
  taken.add(own);
  return own;
}

export const labelOf = ({ strategies }: Pick<View, 'strategies'>, name: string): string =>
  strategies.find(({ summary }) => summary.name === name)?.label ?? name;

/** The strategy with its symbol; the bare name where the run knows none of it. */
export const shownAs = ({ strategies }: Pick<View, 'strategies'>, name: string): StrategyName | string =>
  strategies.find(({ summary }) => summary.name === name)?.shown ?? name;
