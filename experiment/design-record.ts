/** A design as a run's record keeps it, with what has been found so far. */
import type * as record from '../record/design.ts';
import type { CommonRate } from '../record/rate.ts';
import { plannedFault } from './faults/possible.ts';
import type { Design } from './plan.ts';

export interface Found {
  /** Of blocks and sides, where it is found in the run; null before it is found. */
  readonly rate: CommonRate | null;
  /** Of a search; of a footprint, whose rounds are of one trial. */
  readonly rounds: number;
}

export function designRecord(design: Design, { rate, rounds }: Found): record.Design {
  switch (design.kind) {
    case 'blocks':
      return { kind: 'blocks', blocks: design.blocks, rate };
    case 'faults':
      return { kind: 'faults', rate: design.rate, faults: design.faults.map(plannedFault) };
    case 'sides': {
      const { blocks, command, baseline, candidate, blocksPerDeployment } = design;
      const pairs = [...design.pairs];
      const shared = { blocks, rate, command, baseline, candidate, pairs, blocksPerDeployment };
      return { kind: 'sides', ...shared, pairing: 'duet' };
    }
    case 'distance': {
      const { rate: chosen, addedMs, roundTrips } = design;
      return { kind: 'distance', rate: chosen, addedMs: [...addedMs], roundTrips };
    }
    case 'search': {
      const { slo: promise, maxTrials, precision, confidence, overtimeSeconds } = design;
      const scaled = design.scaled.map((each) => ({ ...each }));
      return { kind: 'search', rounds, promise, maxTrials, precision, confidence, overtimeSeconds, scaled };
    }
    case 'footprint': {
      const { sizes, payloads, readRate, readSessions, watchSeconds } = design;
      const asked = { sizes: [...sizes], payloads: [...payloads], readRate, readSessions, watchSeconds };
      return { kind: 'footprint', ...asked, steps: rounds };
    }
  }
}
