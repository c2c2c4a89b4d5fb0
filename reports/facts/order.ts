/** The order in which every output lists strategies: those without a number last, and least CPU time first. */
import type { StrategySummary } from '../../record/summary.ts';
import { servingCpu } from './cpu.ts';

type Order = (a: StrategySummary, b: StrategySummary) => number;

const ranks = { valid: 0, failed: 1, invalid: 2, 'not-measured': 3 } as const;
const byStatus: Order = (a, b) => ranks[a.status] - ranks[b.status];

const costOf = ({ cpuMicrosPerRequest }: StrategySummary): number =>
  servingCpu(cpuMicrosPerRequest) ?? Number.MAX_VALUE;
const byCost: Order = (a, b) => costOf(a) - costOf(b);

/** @param first what comes before CPU time */
export const inReadingOrder = (
  strategies: readonly StrategySummary[],
  first: Order = () => 0,
): StrategySummary[] => [...strategies].sort((a, b) => byStatus(a, b) || first(a, b) || byCost(a, b));
