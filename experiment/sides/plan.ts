/** From what was typed to a run that holds both sides of each strategy. */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { appMain } from '../../infra/strategies.ts';
import type { ComparedCode } from '../../record/run.ts';
import { CONNECTIONS } from '../../scripts/cli/measuring-options.ts';
import { type CompareOptions, comparisonDefaults } from '../../scripts/compare/options.ts';
import type { Plan } from '../plan.ts';
import { freshSeed } from '../random.ts';
import { defaultScenario, type Scenario } from '../scenarios.ts';
import type { Checkout } from './checkout.ts';

/** Everything but what is deployed, which takes a checkout. */
export type PlanWithoutSides = Omit<Plan, 'comparison'>;

/**
 * @param strategies of the working tree, those to compare
 * @param scenarios all that there are
 */
export function planOf(
  options: Pick<CompareOptions, 'scenario' | 'blocks' | 'duration' | 'rate' | 'seed' | 'strategies'>,
  strategies: readonly Strategy[],
  scenarios: readonly Scenario[],
): PlanWithoutSides {
  const scenario = options.scenario ?? scenarios.find(({ workload }) => workload.name === defaultScenario);
  if (!scenario) throw new Error(`there is no scenario ${defaultScenario}`);
  const { warmupSeconds, measureSeconds, probeSeconds, sessions, blocks } = comparisonDefaults;
  return {
    preset: 'compare',
    scenario,
    workload: { ...scenario.workload, sessions },
    strategies,
    strategiesNamed: options.strategies !== undefined,
    blocks: options.blocks ?? blocks,
    warmupSeconds,
    measureSeconds: options.duration ?? measureSeconds,
    fewestReads: 0,
    probeSeconds,
    // Sides are to differ by their code, and not by how warm it is.
    warmsUpFirst: true,
    rate: options.rate,
    connections: CONNECTIONS,
    apps: 2,
    seed: options.seed ?? freshSeed(),
  };
}

/** A side of a strategy, under a name of its own in the run. */
export const asSide = (strategy: Strategy, suffix: string, label: string): Strategy => ({
  ...strategy,
  name: `${strategy.name}-${suffix}`,
  topology: { ...strategy.topology, title: `${strategy.topology.title}, ${label}` },
});

/** Both sides of each strategy: its folder and app at the ref, and those of the working tree. */
export function withSides(
  plan: PlanWithoutSides,
  checkout: Checkout,
  baseline: ComparedCode,
  candidate: ComparedCode,
): Plan {
  const pairs = plan.strategies.flatMap((after) => {
    const before = checkout.strategies.find(({ name }) => name === after.name);
    if (!before) return [];
    return [
      {
        strategy: after.name,
        baseline: asSide(before, 'baseline', baseline.label),
        candidate: asSide(after, 'candidate', candidate.label),
      },
    ];
  });
  return {
    ...plan,
    strategies: pairs.flatMap((pair) => [pair.baseline, pair.candidate]),
    comparison: {
      record: {
        command: 'compare',
        baseline,
        candidate,
        pairs: pairs.map((pair) => ({
          strategy: pair.strategy,
          baseline: pair.baseline.name,
          candidate: pair.candidate.name,
          addedMicros: 0,
        })),
        blocksPerDeployment: comparisonDefaults.blocksPerDeployment,
      },
      deployAs: new Map(
        pairs.flatMap((pair) => [
          [pair.baseline.name, { appMain: checkout.appMain, slowdown: null }] as const,
          [pair.candidate.name, { appMain, slowdown: null }] as const,
        ]),
      ),
    },
  };
}
