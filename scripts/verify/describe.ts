/** What a verification will ask, and what of each strategy came of it, for people. */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { counted } from '../../record/counted.ts';
import { securityCheckIds } from '../../record/security-checks.ts';
import {
  type BadRequests,
  type CheckOutcome,
  checkOutcomes,
  type VerifiedStrategy,
} from '../../record/verification.ts';
import { inRows, strategiesRow } from '../cli/describe.ts';

/** @param able those of the strategies that can run here */
export const describeVerification = (
  strategies: readonly Strategy[],
  able: readonly Strategy[],
  { seed, count }: BadRequests,
): string =>
  inRows([
    strategiesRow({ strategies }, able),
    ['Checks', `${securityCheckIds.length} of each strategy, in two deployments, two strategies at a time`],
    [
      'Requests',
      count === 0
        ? 'no bad ones'
        : `${count.toLocaleString('en')} bad ones to each strategy, of seed ${seed}`,
    ],
  ]);

/** `redis: 13 hold, 2 limits` */
export function describeStrategy({ name, status, checks }: VerifiedStrategy): string {
  if (status !== 'verified') return `${name}: not verified`;
  const parts = checkOutcomes.flatMap((outcome) => {
    const count = checks.filter((each) => each.outcome === outcome).length;
    return count === 0 ? [] : [wordsFor[outcome](count)];
  });
  return `${name}: ${parts.join(', ')}`;
}

const wordsFor: Readonly<Record<CheckOutcome, (count: number) => string>> = {
  holds: (count) => `${count} hold`,
  limit: (count) => counted(count, 'limit'),
  unknown: (count) => `${count} unknown`,
  broken: (count) => `${count} broken`,
};
