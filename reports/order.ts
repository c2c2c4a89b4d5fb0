/**
 * The order in which every output lists strategies: highest capacity first where one was searched, else least CPU time per
 * request; those without a number last.
 */

import type { StrategySummary, Summary } from '../record/summary.ts';
import { byCapacity } from './capacity.ts';
import { servingCpu } from './summary.ts';

const rank = { valid: 0, invalid: 1, 'not-measured': 2 } as const;

export function inReadingOrder(summary: Pick<Summary, 'design' | 'strategies'>): StrategySummary[] {
  const cost = ({ cpuMicrosPerRequest }: StrategySummary): number =>
    servingCpu(cpuMicrosPerRequest) ?? Number.MAX_VALUE;
  const capacity = byCapacity(summary);
  return [...summary.strategies].sort(
    (a, b) => rank[a.status] - rank[b.status] || capacity(a, b) || cost(a) - cost(b),
  );
}
