/** What the page's parts share: the run, its summary, and how each strategy looks. */

import type { ReadRun } from '../../record/read/run.ts';
import type { StrategySummary, Summary } from '../../record/summary.ts';
import { inReadingOrder } from '../order.ts';
import { printable } from '../words/printable.ts';
import { type Look, lookOf } from './looks.ts';

export interface StrategyView {
  readonly summary: StrategySummary;
  /** Short enough for an axis. */
  readonly label: string;
  readonly look: Look;
}

export interface Model {
  readonly run: ReadRun;
  readonly summary: Summary;
  /** All strategies in reading order. */
  readonly strategies: readonly StrategyView[];
  /** Those with a valid trial: only they have numbers. */
  readonly measured: readonly StrategyView[];
}

const longestLabel = 22;

export function modelOf(run: ReadRun, summary: Summary): Model {
  // By the run's own order, so that a strategy keeps its colour when its rank changes.
  const looks = new Map(summary.strategies.map(({ name }, i) => [name, lookOf(i)]));
  const titles = new Set<string>();
  const strategies = inReadingOrder(summary).map((strategy) => {
    const label = uniqueLabel(printable(strategy.title), strategy.name, titles);
    return { summary: strategy, label, look: looks.get(strategy.name) ?? lookOf(0) };
  });
  return { run, summary, strategies, measured: strategies.filter((each) => each.summary.status === 'valid') };
}

function uniqueLabel(title: string, name: string, taken: Set<string>): string {
  const short = title.length <= longestLabel ? title : `${title.slice(0, longestLabel - 1).toWellFormed()}…`;
  const label = taken.has(short) ? name : short;
  taken.add(label);
  return label;
}

export const labelOf = ({ strategies }: Model, name: string): string =>
  strategies.find(({ summary }) => summary.name === name)?.label ?? name;
