/** How much a trial holds: few requests leave more noise than many. */
import type { BlocksDesign, Plan } from '../../experiment/plan.ts';
import { presets } from '../../experiment/presets.ts';
import { expectedSeconds } from '../../experiment/trial-length.ts';
import { counted } from '../../record/counted.ts';
import type { RunRecord } from '../../record/run.ts';

/** As far as it is known before the run. */
export type TrialSize =
  | { readonly by: 'requests'; readonly requests: number }
  /** The rate is found first. */
  | { readonly by: 'seconds'; readonly seconds: number; readonly lengthened: boolean };

export function sizeOf(plan: Plan<BlocksDesign>): TrialSize {
  const { rate, fewestReads } = plan.design;
  const seconds = expectedSeconds(plan);
  return rate.mode === 'given'
    ? { by: 'requests', requests: rate.value * seconds }
    : { by: 'seconds', seconds, lengthened: fewestReads > 0 };
}

/** Sizes that far apart still have much the same noise: by less than the root of this, where it falls with the requests. */
const ALIKE = 3;

/** Whether the trials of a stored run were about as large. */
export function areAlike({ design, plan }: Pick<RunRecord, 'design' | 'plan'>, size: TrialSize): boolean {
  if (design.kind !== 'blocks' || design.rate === null) return false;
  const { value, mode } = design.rate;
  const ratio =
    size.by === 'requests'
      ? (value * plan.measureSeconds) / size.requests
      : plan.measureSeconds / size.seconds;
  return (size.by === 'requests' || mode === 'auto') && ratio >= 1 / ALIKE && ratio <= ALIKE;
}

/** Trials of the presets hold as much, and what is assumed of noise is of such trials. */
const USUAL_REQUESTS = Math.min(...presets.map(({ fewestReads }) => fewestReads));
const USUAL_SECONDS = Math.min(...presets.map(({ measureSeconds }) => measureSeconds));

/** What trials are too small for anything to be assumed of their noise, in words; null where they are not. */
export function tooSmall(size: TrialSize): string | null {
  if (size.by === 'requests') return size.requests < USUAL_REQUESTS ? requestsWords(size.requests) : null;
  return size.lengthened || size.seconds >= USUAL_SECONDS ? null : `trials of ${size.seconds} s`;
}

const requestsWords = (requests: number): string =>
  `trials of about ${counted(Math.max(1, Math.round(requests)), 'request')}`;
