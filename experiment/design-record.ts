/** Designs as a run's record keeps them, with what has been found so far. */
import type * as record from '../record/design.ts';
import type { CommonRate } from '../record/rate.ts';
import type { BlocksDesign, Design, SearchDesign, SidesDesign } from './plan.ts';

export const blocksRecord = ({ blocks }: BlocksDesign, rate: CommonRate | null): record.BlocksDesign => ({
  kind: 'blocks',
  blocks,
  rate,
});

export function sidesRecord(design: SidesDesign, rate: CommonRate | null): record.SidesDesign {
  const { blocks, command, baseline, candidate, pairs, blocksPerDeployment } = design;
  return {
    kind: 'sides',
    blocks,
    rate,
    command,
    baseline,
    candidate,
    pairs: [...pairs],
    blocksPerDeployment,
  };
}

/** @param rounds so far */
export function searchRecord(design: SearchDesign, rounds: number): record.SearchDesign {
  const { slo: promise, maxTrials, precision, confidence, overtimeSeconds } = design;
  return { kind: 'search', rounds, promise, maxTrials, precision, confidence, overtimeSeconds };
}

/** Before anything is measured. */
export function designRecord(design: Design): record.Design {
  switch (design.kind) {
    case 'blocks':
      return blocksRecord(design, null);
    case 'sides':
      return sidesRecord(design, null);
    case 'search':
      return searchRecord(design, 0);
  }
}
