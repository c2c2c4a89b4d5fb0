/** Predictions and balances in words. */
import type { Tier } from '../../record/common.ts';
import type { CoresNeeded, Prediction, Saturation } from '../../record/scaling.ts';
import { counted, formatShare, listed, plainNumber } from './format.ts';

/** `1.08`: 1 where all apps have the same. */
export const busiestWords = (ratio: number): string => ratio.toFixed(2);

/** `+4.0 %`, `−12 %`. */
export const errorWords = (error: number): string =>
  `${error < 0 ? '−' : '+'}${formatShare(Math.abs(error))}`;

/** `+2.1 % to +9.8 %` */
export const errorRangeWords = ({ low, high }: NonNullable<Prediction['errorInterval']>): string =>
  `${errorWords(low)} to ${errorWords(high)}`;

const names: Readonly<Record<Tier, string>> = {
  generator: 'generator',
  balancer: 'balancer',
  app: 'apps',
  store: 'servers',
};

/** What is full first: `apps and servers on 1 core`. */
export function limitWords({ limit, tiers, cores }: Pick<Saturation, 'limit' | 'tiers' | 'cores'>): string {
  const who = listed(tiers.map((tier) => names[tier]));
  switch (limit) {
    case 'cores':
      return `${who} on ${counted(cores, 'core')}`;
    case 'budget':
      return `the CPU budget of the ${who}, ${plainNumber(cores)} cores`;
    case 'processes':
      return tiers.includes('app')
        ? `${counted(cores, 'app process', 'app processes')} of one core each`
        : `the threads of the ${who}, ${counted(cores, 'core')}`;
  }
}

/** `0.04`, `1.3`, `12`. */
const coresWords = (cores: number): string =>
  cores < 0.1 ? cores.toFixed(2) : cores < 10 ? cores.toFixed(1) : cores.toFixed(0);

/** `3.9: apps 2.6 (at least 3), servers 0.7, balancer 0.6`; `apps 26 (at least 27); the rest is not known`. */
export function needWords({ app, appProcesses, balancer, store, basis }: CoresNeeded): string {
  const apps = `apps ${coresWords(app)} (at least ${appProcesses})`;
  if (balancer === null || store === null) return `${apps}; the rest is not known`;
  const parts = [
    apps,
    ...(store === 0 ? [] : [`servers ${coresWords(store)}`]),
    `balancer ${coresWords(balancer)}`,
  ];
  return `${coresWords(app + balancer + store)}: ${parts.join(', ')}${basis === 'extrapolated' ? '; extrapolated' : ''}`;
}
