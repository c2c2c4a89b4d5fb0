/** What the self-test will do, and what each of its comparisons came to, for people. */

import { estimateSelftestSeconds, selftestPopulation } from '../../experiment/selftest/plan.ts';
import { counted } from '../../record/counted.ts';
import type { SelftestComparison } from '../../record/selftest.ts';
import { addedWords } from '../../reports/selftest/page.ts';
import { budgetsRow, inRows, percentage, roomRows, seedRow, timeRow } from '../cli/describe.ts';
import type { SelftestOptions } from './options.ts';

export function describeSelftest(options: SelftestOptions, seed: number): string {
  const { strategy, scenario, comparisons, slowed, blocks, duration, config } = options;
  const slowdowns = options.slowdowns.map((share) => `+${percentage(share)}`).join(', ');
  const slower = slowdowns
    ? `, and ${Math.min(slowed, comparisons)} each with ${slowdowns} CPU per request`
    : '';
  return inRows([
    ['Strategy', `${strategy.name}, ${scenario.workload.name}`],
    [
      'Plan',
      `${counted(comparisons, 'A/A comparison')}${slower}; ${counted(blocks, 'pair')} of ${duration} s each`,
    ],
    budgetsRow(config),
    seedRow(seed),
    ...roomRows(selftestPopulation(options)),
    timeRow(estimateSelftestSeconds(options), { most: null, patience: null }),
  ]);
}

export function describeOutcome({ number, addedShare, outcome, results }: SelftestComparison): string {
  const changes = results.map(({ metric, verdict }) =>
    verdict.ratio === null ? `${metric} unknown` : `${metric} ${((verdict.ratio - 1) * 100).toFixed(1)} %`,
  );
  return `Comparison ${number}, candidate has ${addedWords(addedShare)}: ${outcome} (${changes.join(', ')})`;
}
