/** What `summary.json` has of a strategy where a run weighed sessions or made faults. */
import { z } from 'zod';
import { footprintSeries } from '../../record/footprint.ts';
import type { FailureEvent, Loss } from '../wishes/losses.ts';
import { wholeNumber } from '../words/format.ts';
import type { FootprintEvidence, SurvivalEvidence } from './evidence.ts';
import type { Spread } from './on-paper.ts';

const number = z.number();
const series = z.object({
  strategy: z.string(),
  payloadBytes: number,
  storeFixedBytes: number,
  storeBytesPerSession: number,
  keptIn: footprintSeries.shape.keptIn,
  appFixedBytes: number.nullable(),
  appBytesPerSession: number.nullable(),
  /** Younger than the others. */
  appBytesPerSessionAtMost: number.nullable().default(null),
  testedFrom: number,
  testedTo: number,
  heldOutError: number.nullable(),
  sizes: z.array(z.object({ sessions: number })),
});
type Series = z.infer<typeof series>;

/** A series of which something could not be measured tells nothing here. */
const footprints = z.object({ footprint: z.array(z.unknown()) });

/** Without the run that they are of. */
export type Weighed = Omit<FootprintEvidence, 'run' | 'apps'>;

export const footprintsIn = (summary: unknown, strategy: string): readonly Weighed[] =>
  (footprints.safeParse(summary).data?.footprint ?? [])
    .flatMap((each) => series.safeParse(each).data ?? [])
    .filter((each) => each.strategy === strategy && each.testedTo > 0)
    // Of apps that keep the sessions it must be known what they take.
    .filter(({ keptIn, appBytesPerSession }) => keptIn !== 'apps' || appBytesPerSession !== null)
    .map(weighedOf);

function weighedOf({ strategy: _, sizes, appBytesPerSessionAtMost, ...weighed }: Series): Weighed {
  const [largest, next] = sizes
    .map(({ sessions }) => sessions)
    .filter((sessions) => sessions > 0)
    .toSorted((a, b) => b - a);
  return {
    ...weighed,
    // Apps that keep no sessions grow by less than is told from nothing: the most that it may be is on the safe side.
    appBytesPerSession: weighed.appBytesPerSession ?? appBytesPerSessionAtMost,
    heldOutTimes: largest === undefined || next === undefined ? null : largest / next,
  };
}

const result = z.object({
  strategy: z.string(),
  fault: z.string(),
  expected: z.string().nullable(),
  sessions: z.object({ lost: number, of: number }).nullable(),
  writesLost: number.nullable(),
});
type Result = z.infer<typeof result>;
const faults = z.object({ design: z.object({ kind: z.literal('faults'), results: z.array(result) }) });

/** Without the run that it is of. */
export type Survived = Omit<SurvivalEvidence, 'run'>;

/** @param spread of the strategy's servers */
export const survivalIn = (summary: unknown, strategy: string, spread: Spread): readonly Survived[] =>
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

function survivalOf(each: Result, spread: Spread): Survived | null {
  const event = eventOf(each, spread);
  if (event === null || each.sessions === null) return null;
  return {
    fault: each.fault,
    event,
    loses: lossIn(each),
    seen: seenWords(each.sessions, each.writesLost ?? 0),
  };
}

/** `2 of 1,025 sessions and 1 acknowledged write were lost`; of writes nothing where none was. */
function seenWords({ lost, of }: NonNullable<Result['sessions']>, writes: number): string {
  const unit = writes === 1 ? 'write' : 'writes';
  const lostWrites = writes === 0 ? '' : ` and ${wholeNumber(writes)} acknowledged ${unit}`;
  return `${wholeNumber(lost)} of ${wholeNumber(of)} sessions${lostWrites} were lost`;
}

/** From so much on, what was lost was everything. */
export const nearlyAll = 0.9;

/** In the words of the wishes; null where it is not known. */
function lossIn({ sessions, writesLost, expected }: Result): Loss | null {
  if (sessions === null || writesLost === null || sessions.of === 0) return null;
  if (sessions.lost === 0 && writesLost === 0) return 'none';
  if (sessions.lost >= nearlyAll * sessions.of) return 'all';
  return expected === 'lost' ? 'node' : 'second';
}
