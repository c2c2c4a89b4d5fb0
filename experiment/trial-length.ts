/** How long trials measure: as planned, or longer where they would hold too few reads. */
import type { BlocksDesign, Plan } from './plan.ts';

/**
 * Seconds that a trial takes to hold its reads: as planned, or up to twice as long.
 * @param readRate reads per second
 */
export function longEnough(planned: number, fewestReads: number, readRate: number): number {
  return Math.min(2 * planned, Math.max(planned, Math.ceil(fewestReads / readRate)));
}

/** The most seconds that a trial may be lengthened to; as planned where a person chose its length. */
export const longestSeconds = ({
  design,
  measureSeconds,
}: Pick<Plan<BlocksDesign>, 'design' | 'measureSeconds'>): number =>
  design.fewestReads > 0 ? 2 * measureSeconds : measureSeconds;

/** Seconds, as far as they are known before the run: a rate that is found first is taken for high enough. */
export function expectedSeconds({ design, measureSeconds, workload }: Plan<BlocksDesign>): number {
  const { rate, fewestReads } = design;
  if (rate.mode === 'auto') return measureSeconds;
  return longEnough(measureSeconds, fewestReads, rate.value * workload.mix.read);
}
