/** What `summary.json` has of a strategy where a run weighed sessions or made faults. */
import { z } from 'zod';
import type { FailureEvent, Loss } from '../wishes/losses.ts';
import type { FootprintEvidence, SurvivalEvidence } from './evidence.ts';
import type { Spread } from './on-paper.ts';

const number = z.number();
const series = z.object({
  strategy: z.string(),
  payloadBytes: number,
  storeFixedBytes: number,
  storeBytesPerSession: number,
  appFixedBytes: number,
  appBytesPerSession: number,
  testedFrom: number,
  testedTo: number,
  heldOutError: number.nullable(),
});

/** A series of which something could not be measured tells nothing here. */
const footprints = z.object({ footprint: z.array(z.unknown()) });

export const footprintsIn = (summary: unknown, strategy: string): readonly FootprintEvidence[] =>
  (footprints.safeParse(summary).data?.footprint ?? [])
    .flatMap((each) => series.safeParse(each).data ?? [])
    .filter((each) => each.strategy === strategy && each.testedTo > 0);

const result = z.object({
  strategy: z.string(),
  fault: z.string(),
  expected: z.string().nullable(),
  sessions: z.object({ lost: number, of: number }).nullable(),
  writesLost: number.nullable(),
});
type Result = z.infer<typeof result>;
const faults = z.object({ design: z.object({ kind: z.literal('faults'), results: z.array(result) }) });

/** @param spread of the strategy's servers */
export const survivalIn = (summary: unknown, strategy: string, spread: Spread): readonly SurvivalEvidence[] =>
  (faults.safeParse(summary).data?.design.results ?? [])
    .filter((each) => each.strategy === strategy)
    .flatMap((each) => survivalOf(each, spread) ?? []);

/** The failures of one process. Of a cluster that all of its servers end at once is no such. */
const eventsOfFaults: Readonly<Record<string, FailureEvent>> = {
  'app-kill': 'app-restart',
  'rolling-deploy': 'app-restart',
};
const ofOneServer = ['store-kill', 'store-restart'];
const ofShards = ['master-kill'];

function eventOf({ fault }: Result, { kind }: Spread): FailureEvent | null {
  const ofStore = kind === 'shards' ? ofShards : ofOneServer;
  return ofStore.includes(fault) ? 'store-restart' : (eventsOfFaults[fault] ?? null);
}

function survivalOf(each: Result, spread: Spread): SurvivalEvidence | null {
  const event = eventOf(each, spread);
  if (event === null || each.sessions === null) return null;
  const { lost, of } = each.sessions;
  const writes = each.writesLost === null ? '' : ` and ${each.writesLost} acknowledged writes`;
  return {
    fault: each.fault,
    event,
    loses: lossIn(each),
    seen: `${lost} of ${of} sessions${writes} were lost`,
  };
}

/** From so much on, what was lost was everything. */
const nearlyAll = 0.9;

/** In the words of the wishes; null where it is not known. */
function lossIn({ sessions, writesLost, expected }: Result): Loss | null {
  if (sessions === null || writesLost === null || sessions.of === 0) return null;
  if (sessions.lost === 0 && writesLost === 0) return 'none';
  if (sessions.lost >= nearlyAll * sessions.of) return 'all';
  return expected === 'lost' ? 'node' : 'second';
}
