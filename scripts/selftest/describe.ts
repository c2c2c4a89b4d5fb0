/** What the self-test will do, and what each of its comparisons came to, for people. */

import { estimateSelftestSeconds, selftestPopulation } from '../../experiment/selftest/plan.ts';
import { counted } from '../../record/counted.ts';
import type { SelftestComparison } from '../../record/selftest.ts';
import { gateSightWords } from '../../reports/outlook/gate-sight.ts';
import { addedWords, slowWords } from '../../reports/selftest/page.ts';
import { budgetsRow, hasStore, inRows, percentage, roomRows, seedRow, timeRow } from '../cli/describe.ts';
import type { SelftestOptions } from './options.ts';

export function describeSelftest(options: SelftestOptions, seed: number): string {
  const { strategy, scenario, comparisons, slowed, slow, blocks, duration, config, add } = options;
  const slowdowns = options.slowdowns.map((share) => `+${percentage(share)}`).join(', ');
  const [first, ...others] = slow.map(
    (kind) => `${Math.min(slowed, comparisons)} each with ${slowdowns} ${slowWords[kind]}`,
  );
  const slower = slowdowns && first ? `, and ${first}` : '';
  const besides = slowdowns && others.length > 0 ? `; ${others.join('; ')}` : '';
  return inRows([
    ['Strategy', `${strategy.name}, ${scenario.workload.name}`],
    [
      'Plan',
      `${counted(comparisons, 'A/A comparison')}${slower}; ${counted(blocks, 'pair')} of ${duration} s each${besides}`,
    ],
    ['Finds', gateSightWords({ blocks, withStore: [hasStore(strategy)], budgets: config.budgets })],
    [
      'Adds up',
      add.length > 0
        ? add.map(({ record }) => record.id).join(', ')
        : 'earlier self-tests of this code and machine under --out',
    ],
    budgetsRow(config),
    seedRow(seed),
    ...roomRows(selftestPopulation(options)),
    timeRow(estimateSelftestSeconds(options), { most: null, patience: null }),
  ]);
}

export function describeOutcome(comparison: SelftestComparison): string {
  const { number, outcome, results } = comparison;
  const changes = results.map(({ metric, verdict }) =>
    verdict.ratio === null ? `${metric} unknown` : `${metric} ${((verdict.ratio - 1) * 100).toFixed(1)} %`,
  );
  return `Comparison ${number}, candidate has ${addedWords(comparison)}: ${outcome} (${changes.join(', ')})`;
}
