/** What a bench will do, for people. */

import { estimateSeconds, mostSeconds } from '../../experiment/estimate.ts';
import type { ChosenLimits } from '../../experiment/limits.ts';
import type { BlocksDesign, Plan, SearchDesign } from '../../experiment/plan.ts';
import { counted } from '../../record/counted.ts';
import {
  inRows,
  patienceOf,
  rateWords,
  roomRows,
  scenarioRow,
  seedRow,
  strategiesRow,
  timeRow,
  trialWords,
} from '../cli/describe.ts';

/** @param finds what a comparison can find; null for a search */
export function describePlan(
  plan: Plan<BlocksDesign | SearchDesign>,
  finds: string | null,
  limits: ChosenLimits,
): string {
  const { design, preset, seed } = plan;
  const most = design.kind === 'search' ? mostSeconds(plan, design.maxTrials) : null;
  return inRows([
    strategiesRow(plan),
    scenarioRow(plan),
    ['Plan', `${preset}: ${designWords(plan)}`],
    ...(finds === null ? [] : [['Finds', finds] as const]),
    seedRow(seed),
    ...roomRows(plan),
    timeRow(estimateSeconds(plan), { most, patience: patienceOf(plan, limits) }),
  ]);
}

function designWords(plan: Plan<BlocksDesign | SearchDesign>): string {
  const { design } = plan;
  return design.kind === 'search'
    ? `the highest rate that keeps ${design.slo.text}, at most ${counted(design.maxTrials, 'trial')} of each strategy, each ${trialWords(plan)}`
    : `${counted(design.blocks, 'block')}, each strategy ${trialWords(plan)}, ${rateWords(design.rate)}`;
}
