/** How often the sessions of a series are read. */
import type { FootprintDesign, Plan, PlannedSeries } from '../plan.ts';

/** Of sessions that all end by themselves those of one size tell enough: the smallest, of which there are most. */
export const expires = (
  { design: { payloads, watchSeconds } }: Pick<Plan<FootprintDesign>, 'design'>,
  { payloadBytes }: Pick<PlannedSeries, 'payloadBytes'>,
): boolean => watchSeconds > 0 && payloadBytes === payloads[0];

/** At each number, and before and while sessions end by themselves. */
export const readingsOf = (plan: Pick<Plan<FootprintDesign>, 'design'>, series: PlannedSeries): number =>
  series.sizes.length + (expires(plan, series) ? 2 : 0);
