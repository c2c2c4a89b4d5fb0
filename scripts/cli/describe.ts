/** Rows that say what will be done. A dry run prints them and ends; a run begins with them. */

import { closeFits, type Population } from '../../experiment/fit.ts';
import { flushesIntoMemory } from '../../experiment/flushes.ts';
import type { ChosenLimits } from '../../experiment/limits.ts';
import { patienceSeconds } from '../../experiment/patience.ts';
import type { Plan, RateChoice, Setting } from '../../experiment/plan.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { counted, perSecond } from '../../record/counted.ts';
import { formatCount } from '../../reports/words/format.ts';
import type { Budgets } from './budgets-file.ts';
import { duration } from './format.ts';

export type Row = readonly [title: string, text: string];

export const inRows = (rows: readonly Row[]): string =>
  rows.map(([title, text]) => `${title.padEnd(11)} ${text}`).join('\n');

/** @param able those that can run here */
export function strategiesRow({ strategies }: Pick<Setting, 'strategies'>, able: Setting['strategies']): Row {
  const names = new Set(able.map(({ name }) => name));
  return [
    'Strategies',
    strategies.map(({ name }) => (names.has(name) ? name : `${name} (cannot run here)`)).join(', '),
  ];
}

export const scenarioRow = ({ workload }: Pick<Setting, 'workload'>): Row => [
  'Scenario',
  `${workload.name}: ${workload.title}; ${counted(workload.sessions, 'session')} of ${formatCount(workload.payloadBytes)} B`,
];

/** Whether the population is likely to have room, and whether it is on a disk; no row where nothing is to be said. */
export const roomRows = (population: Population): Row[] => [
  ...closeFits(population).map(({ message }): Row => ['Room', message]),
  ...flushesIntoMemory(population).map(({ message }): Row => ['Disk', message]),
];

export const seedRow = (seed: number): Row => ['Seed', String(seed)];

export const budgetsRow = ({ budgets, origin }: Budgets): Row => [
  'Budgets',
  `${budgets.map(({ metric, share }) => `${metric} ${percentage(share)}`).join(', ')} (${origin})`,
];

export interface MoreTime {
  /** Seconds that it takes at most; null where nothing limits it. */
  readonly most: number | null;
  /** Seconds besides, on a machine that is not quiet; null where noise is tolerated, or that is not known. */
  readonly patience: number | null;
}

/** Whether it has servers that keep its sessions. */
export const hasStore = ({ topology }: Strategy): boolean => topology.services.length > 0;

export const timeRow = (seconds: number, { most, patience }: MoreTime): Row => [
  'Time',
  [
    `about ${duration(seconds)}`,
    ...(most === null ? [] : [`at most ${duration(most)}`]),
    ...(patience === null ? [] : [`up to ${duration(patience)} more where the machine is not quiet`]),
    'once servers are provisioned and k6 is built',
  ].join(', '),
];

/** Null where noise is tolerated. */
export const patienceOf = (plan: Plan, { noise }: ChosenLimits): number | null =>
  noise === 'tolerated' ? null : patienceSeconds(plan);

/** How long one trial measures. */
export const trialWords = ({
  measureSeconds,
  warmupSeconds,
}: Pick<Setting, 'measureSeconds' | 'warmupSeconds'>): string =>
  `${measureSeconds} s after ${warmupSeconds} s of warm-up`;

export const rateWords = (rate: RateChoice): string =>
  rate.mode === 'auto' ? 'a common rate found first' : perSecond(rate.value, 'operation');

/** 5 % for 0.05. */
export const percentage = (share: number): string => `${Number((share * 100).toFixed(3))} %`;
