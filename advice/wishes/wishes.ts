/** What a person needs of a session store. */
import { z } from 'zod';
import { promise } from '../../record/search.ts';
import { hostings } from './hosting.ts';
import { events, losses } from './losses.ts';

const perSecond = z.number().positive();

/** Requests to the app per second. Servers are for `high`, prices per request for `likely`. */
const rate = z
  .strictObject({ low: perSecond, likely: perSecond, high: perSecond })
  .refine(({ low, likely, high }) => low <= likely && likely <= high, 'the rates must rise from low to high');

export const wishes = z.strictObject({
  /** Sessions alive at the peak: counted, or made so often and alive so long. */
  sessions: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('alive'), count: z.number().min(1) }),
    z.strictObject({ kind: z.literal('made'), perSecond, aliveSeconds: z.number().positive() }),
  ]),
  rate,
  /** What the app keeps in a session beside its own fields, in bytes; null: as in the measurements. */
  payloadBytes: z.number().min(0).nullable(),
  /** Latency and errors, as a search for capacity has them; null: whatever is measured will do. */
  slo: promise.nullable(),
  /** Per month, in the currency of the price book; null: as little as possible. */
  budget: z.number().positive().nullable(),
  /** What may be lost through each of `survives`. */
  mayLose: z.enum(losses),
  survives: z.array(z.enum(events)),
  /** A session that is ended is refused everywhere from then on. */
  endsAtOnce: z.boolean(),
  /** All sessions of a user can be ended at once. */
  endsAllOfAUser: z.boolean(),
  /** Strategies whose servers are there already, with room: their share of a server is paid, and no server more. */
  has: z.array(z.string()),
  /** Who runs the store's servers; null: whichever is cheaper. */
  hosting: z.enum(hostings).nullable(),
  /** How busy servers may be at the high rate, as a share. */
  utilisation: z.number().min(0.05).max(0.95),
  /** Work of a vCPU that is paid for over that of a core that was measured. */
  coreFactor: z.number().min(0.05).max(20),
});
export type Wishes = Readonly<z.infer<typeof wishes>>;
