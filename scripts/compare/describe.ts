/** What will be compared, for people. */

import type { ChosenLimits } from '../../experiment/limits.ts';
import type { workingTree } from '../../experiment/repository.ts';
import { type Comparison, estimateComparison, expectedPlan } from '../../experiment/sides/plan.ts';
import type { Reference } from '../../experiment/sides/reference.ts';
import { counted } from '../../record/counted.ts';
import type { Budgets } from '../cli/budgets-file.ts';
import {
  budgetsRow,
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

export interface Sides {
  readonly baseline: Reference;
  readonly candidate: Awaited<ReturnType<typeof workingTree>>;
}

/** @param able those of the strategies that can run here: what the comparison takes is told of them */
export function describeComparison(
  wanted: Comparison,
  able: Comparison['strategies'],
  { baseline, candidate }: Sides,
  budgets: Budgets,
  folder: string,
  limits: ChosenLimits,
): string {
  const comparison = { ...wanted, strategies: able };
  const same = candidate.commit === baseline.commit && candidate.dirty === false;
  const changes = candidate.dirty === true ? ', with changes that are in no commit' : '';
  return inRows([
    ['Baseline', `${baseline.label} (${shortened(baseline.commit)})${takenFor(baseline)}`],
    [
      'Candidate',
      `the working tree${candidate.commit ? ` (${shortened(candidate.commit)}${changes})` : ''}${same ? ': the same commit, so that there is no change to judge' : ''}`,
    ],
    strategiesRow(wanted, able),
    budgetsRow(budgets),
    scenarioRow(comparison),
    [
      'Plan',
      `${counted(comparison.blocks, 'block')}, both sides at once ${trialWords(comparison)}, ${rateWords(comparison.rate)}`,
    ],
    seedRow(comparison.seed),
    ...roomRows(comparison),
    timeRow(estimateComparison(comparison), {
      most: null,
      patience: patienceOf(expectedPlan(comparison), limits),
    }),
    ['Results', folder],
  ]);
}

const takenFor = ({ label, typed }: Reference): string =>
  label === typed ? '' : `, since there is no "${typed}" here`;

const shortened = (commit: string): string => commit.slice(0, 7);
