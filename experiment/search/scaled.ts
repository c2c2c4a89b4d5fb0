/** A search with several numbers of apps: each strategy once more for each of them, under a name of its own. */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { ownNameAmong } from '../../record/deployed-as.ts';
import type { ScaledStrategy } from '../../record/design.ts';
import type { Plan } from '../plan.ts';

interface Scaled {
  /** Each with its likes with more apps behind it. */
  readonly strategies: readonly Strategy[];
  readonly scaled: readonly ScaledStrategy[];
}

/** @param moreApps numbers of apps beside the one that a strategy under its own name has */
export function overNumbersOfApps(strategies: readonly Strategy[], moreApps: readonly number[]): Scaled {
  const likes = strategies.map((strategy) => moreApps.map((apps) => ({ of: strategy, apps })));
  return {
    strategies: strategies.flatMap((strategy, index) => [
      strategy,
      ...(likes[index] ?? []).map(({ apps }) => withApps(strategy, apps)),
    ]),
    scaled: likes.flat().map(({ of, apps }) => ({ strategy: nameWith(of, apps), of: of.name, apps })),
  };
}

const nameWith = ({ name }: Strategy, apps: number): string => `${name}-${apps}-apps`;

const withApps = (strategy: Strategy, apps: number): Strategy => ({
  ...strategy,
  name: nameWith(strategy, apps),
  topology: { ...strategy.topology, title: `${strategy.topology.title} ${apps} apps` },
});

/** Those of a plan's strategies that are some of these, with whatever number of apps. */
export function amongThese(
  { strategies, design }: Pick<Plan, 'strategies' | 'design'>,
  these: readonly Strategy[],
): readonly Strategy[] {
  const names = new Set(these.map(({ name }) => name));
  const scaled = design.kind === 'search' ? design.scaled : [];
  return strategies.filter(({ name }) => names.has(ownNameAmong(scaled, name)));
}
