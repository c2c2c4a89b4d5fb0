/** Trials that are left out for a fault of the strategy's own: what is left of it would praise it. */
import type { Reason, ReasonCode } from '../../record/reasons.ts';

const ownFaults: ReadonlySet<ReasonCode> = new Set([
  'server-died',
  'logins-failed',
  'not-ready',
  'not-started',
]);

/** The first that tells of a server that was ended from outside; null where there is none. */
export const killing = (reasons: readonly Reason[]): Reason | null =>
  reasons.find(({ code }) => code === 'server-killed') ?? null;

/** The first of a trial's reasons that is the strategy's own; null where there is none. */
export const ownFault = (reasons: readonly Reason[]): Reason | null =>
  reasons.find(({ code }) => ownFaults.has(code)) ?? null;
