/** Parts of `summary.json` that only runs of some designs have. */
import { z } from 'zod';
import type { FailureEvent } from '../wishes/losses.ts';
import type { FootprintEvidence, SurvivalEvidence } from './evidence.ts';

const number = z.number();
const footprints = z.object({
  footprint: z
    .array(
      z.object({
        strategy: z.string(),
        payloadBytes: number,
        storeFixedBytes: number,
        storeBytesPerSession: number,
        appFixedBytes: number,
        appBytesPerSession: number,
        testedFrom: number,
        testedTo: number,
        heldOutError: number.nullable(),
      }),
    )
    .catch([]),
});

export const footprintsIn = (summary: unknown, strategy: string): readonly FootprintEvidence[] =>
  (footprints.safeParse(summary).data?.footprint ?? []).filter((each) => each.strategy === strategy);

/** What a fault does, in the words of the wishes; faults that are not here are of no wish. */
export const eventOfFault: Readonly<Record<string, FailureEvent>> = {};

export const survivalIn = (_summary: unknown, _strategy: string): readonly SurvivalEvidence[] => [];
