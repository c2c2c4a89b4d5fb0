/** How many operations took longer than a limit, as far as percentiles tell it. Pure mathematics. */
import type { Latency } from '../../record/latency.ts';
import type { OperationEvidence } from '../evidence/evidence.ts';

/** For what has no number. Here too, since that of record/latency.ts brings its histogram into the report's page. */
export const inOrder = (value: Latency): number =>
  typeof value === 'number' ? value : Number.POSITIVE_INFINITY;

/** Shares of operations, 0 to 1. */
export interface Tail {
  /** It is more than this. */
  readonly atLeast: number;
  readonly atMost: number;
}

/** The share of one operation that is not below the limit. @param limitMs in milliseconds */
export function tailOf(operation: OperationEvidence, limitMs: number): Tail {
  const { p50Ms, p90Ms, p99Ms, p999Ms, maxMs, count, unanswered } = operation;
  const failed = count + unanswered === 0 ? 0 : unanswered / Math.max(count, unanswered);
  const steps = [
    { share: 0.5, value: p50Ms },
    { share: 0.1, value: p90Ms },
    { share: 0.01, value: p99Ms },
    { share: 0.001, value: p999Ms },
    { share: 0, value: maxMs },
  ];
  const above = steps.filter(({ value }) => inOrder(value) >= limitMs);
  const below = steps.filter(({ value }) => inOrder(value) < limitMs);
  return {
    atLeast: Math.max(failed, ...above.map(({ share }) => share)),
    atMost: Math.min(1, ...below.map(({ share }) => share)),
  };
}

/** Of several operations together, each by its count. */
export function tailTogether(operations: readonly OperationEvidence[], limitMs: number): Tail {
  const total = operations.reduce((sum, { count }) => sum + count, 0);
  const sum = (part: keyof Tail): number =>
    operations.reduce((all, each) => all + (each.count / total) * tailOf(each, limitMs)[part], 0);
  return total === 0 ? { atLeast: 0, atMost: 1 } : { atLeast: sum('atLeast'), atMost: sum('atMost') };
}
