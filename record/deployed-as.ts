/** What stands behind the name of a strategy in a run that measures it with several numbers of apps. */
import type { ScaledStrategy } from './design.ts';
import type { RunRecord } from './run.ts';

type Deployed = Pick<RunRecord, 'design'> & { readonly plan: Pick<RunRecord['plan'], 'apps'> };

const scaledIn = ({ design }: Pick<Deployed, 'design'>): readonly ScaledStrategy[] =>
  design.kind === 'search' ? design.scaled : [];

/** The strategy's own name: by it the strategy is known elsewhere. */
export const strategyBehind = (run: Pick<Deployed, 'design'>, name: string): string =>
  ownNameAmong(scaledIn(run), name);

/** @param scaled of the design, where it has some */
export const ownNameAmong = (scaled: readonly ScaledStrategy[], name: string): string =>
  scaled.find(({ strategy }) => strategy === name)?.of ?? name;

/** App processes of its deployments. */
export const appsOf = (run: Deployed, name: string): number =>
  scaledIn(run).find(({ strategy }) => strategy === name)?.apps ?? run.plan.apps;

/** Every number of apps that some deployment of the run has, ascending. */
export const numbersOfApps = (run: Deployed): readonly number[] =>
  [...new Set([run.plan.apps, ...scaledIn(run).map(({ apps }) => apps)])].sort((a, b) => a - b);
