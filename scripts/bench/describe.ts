/** What a bench will do, for people. */

import { estimateSeconds, mostSeconds } from '../../experiment/estimate.ts';
import { measuredSecondsOf } from '../../experiment/faults/timing.ts';
import { footprintWords } from '../../experiment/footprint/plan.ts';
import type { ChosenLimits } from '../../experiment/limits.ts';
import type {
  BenchDesign,
  BlocksDesign,
  DistanceDesign,
  FaultsDesign,
  FootprintDesign,
  Plan,
} from '../../experiment/plan.ts';
import { amongThese } from '../../experiment/search/scaled.ts';
import { expectedSeconds, longestSeconds } from '../../experiment/trial-length.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { counted, perSecond } from '../../record/counted.ts';
import { listed } from '../../record/listed.ts';
import {
  inRows,
  patienceOf,
  type Row,
  rateWords,
  roomRows,
  scenarioRow,
  seedRow,
  strategiesRow,
  timeRow,
  trialWords,
} from '../cli/describe.ts';
import { cutAtMost } from './minutes.ts';

export interface Outlook {
  /** Those of the strategies that can run here: what the run takes is told of them. */
  readonly able: readonly Strategy[];
  /** What a comparison can find; null for other designs. */
  readonly finds: string | null;
  /** What `--minutes` gave; undefined where it was not typed. */
  readonly minutes: number | undefined;
}

export function describePlan(whole: Plan<BenchDesign>, outlook: Outlook, limits: ChosenLimits): string {
  const { design } = whole;
  return design.kind === 'footprint'
    ? describeFootprint({ ...whole, design }, outlook, limits)
    : describeLoad({ ...whole, design }, outlook, limits);
}

function describeFootprint(whole: Plan<FootprintDesign>, { able }: Outlook, limits: ChosenLimits): string {
  const names = new Set(able.map(({ name }) => name));
  const series = whole.design.series.filter(({ strategy }) => names.has(strategy.name));
  const plan = { ...whole, strategies: able, design: { ...whole.design, series } };
  const { design, preset, seed } = plan;
  return inRows([
    strategiesRow(whole, able),
    [
      'Plan',
      `${preset}: ${footprintWords(design)}; at each, reads for ${trialWords(plan)}, ${perSecond(design.readRate, 'read')}`,
    ],
    ...design.told.map(({ message }) => ['Room', message] as const),
    seedRow(seed),
    timeRow(estimateSeconds(plan), { most: null, patience: patienceOf(plan, limits) }),
  ]);
}

type LoadDesign = Exclude<BenchDesign, FootprintDesign>;

function describeLoad(
  whole: Plan<LoadDesign>,
  { able: chosen, finds, minutes }: Outlook,
  limits: ChosenLimits,
): string {
  const able = amongThese(whole, chosen);
  const plan = { ...whole, strategies: able };
  const { design, preset, seed } = plan;
  const most = design.kind === 'search' ? mostSeconds(plan, design.maxTrials) : null;
  return inRows([
    strategiesRow(whole, able),
    scenarioRow(plan),
    ['Plan', `${preset}: ${designWords(plan, minutes)}`],
    ...(finds === null ? [] : [['Finds', finds] as const]),
    ...(design.kind === 'faults' ? faultRows(design, able) : []),
    seedRow(seed),
    ...roomRows(plan),
    timeRow(estimateSeconds(plan), { most, patience: patienceOf(plan, limits) }),
  ]);
}

function designWords(plan: Plan<LoadDesign>, minutes: number | undefined): string {
  const { design } = plan;
  switch (design.kind) {
    case 'search':
      return `the highest rate that keeps ${design.slo.text}, at most ${counted(design.maxTrials, 'trial')} of each strategy, each ${trialWords(plan)}`;
    case 'faults':
      return `${counted(design.faults.length, 'fault')}, each once to each strategy that can have it, on servers of its own; ${perSecond(design.rate.value, 'operation')}`;
    case 'distance':
      return `${distanceWords(design)}, each strategy ${trialWords(plan)}, ${perSecond(design.rate.value, 'operation')}`;
    case 'blocks':
      return `${blocksWords({ ...plan, design }, minutes)}, each strategy ${lengthWords({ ...plan, design })}, ${rateWords(design.rate)}`;
  }
}

/** What will be done to whom, and what cannot. */
function faultRows({ faults }: FaultsDesign, able: readonly Strategy[]): readonly Row[] {
  const here = new Set(able.map(({ name }) => name));
  return faults.flatMap(({ fault, able: possible, impossible }): Row[] => {
    const some = possible.filter(({ name }) => here.has(name)).map(({ name }) => name);
    const byReason = Map.groupBy(Object.entries(impossible), ([, why]) => why);
    const not = [...byReason].map(([why, those]) => `not ${those.map(([name]) => name).join(', ')}: ${why}`);
    return [
      ['Fault', `${fault.name}: ${fault.description}`],
      ['', [`${some.join(', ') || 'nobody'}; ${measuredSecondsOf(fault)} s each`, ...not].join('; ')],
    ];
  });
}

/** `8 blocks, 2 with each round trip 0, 1, 5 and 20 ms longer`. */
function distanceWords({ addedMs }: DistanceDesign): string {
  const distances = [...new Set(addedMs)].sort((a, b) => a - b);
  const each = addedMs.length / distances.length;
  return `${counted(addedMs.length, 'block')}, ${each} with each round trip ${listed(distances.map(String))} ms longer`;
}

function blocksWords(plan: Plan<BlocksDesign>, minutes: number | undefined): string {
  const blocks = counted(plan.design.blocks, 'block');
  return cutAtMost(plan, minutes)
    ? `${blocks} (the most of a run, though ${minutes} minutes have room for more)`
    : blocks;
}

/** How long one trial measures, as far as the rate is known. */
function lengthWords(plan: Plan<BlocksDesign>): string {
  const [expected, longest] = [expectedSeconds(plan), longestSeconds(plan)];
  const words = trialWords({ ...plan, measureSeconds: expected });
  if (plan.design.rate.mode === 'given' || longest === expected) return words;
  return `${words} (up to ${longest} s where the rate is low)`;
}
