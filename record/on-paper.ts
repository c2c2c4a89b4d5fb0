/** What is known of a strategy without measuring it: as its topology says it, and as a run keeps it. */
import { z } from 'zod';

/**
 * What becomes of sessions on paper: `kept`: all of them, as they were last acknowledged; `newest-lost`: those written in
 * the last moments may be gone, or be as they were before; `lost`: those that were there are gone.
 */
export const fate = z.enum(['kept', 'newest-lost', 'lost']);
export type Fate = z.infer<typeof fate>;

/** What ends processes, machines or zones: servers/contract/topology.ts says of each what it is. */
export const endingNames = [
  'storeCrash',
  'storeRestart',
  'failover',
  'appEnd',
  'powerCut',
  'zoneLoss',
] as const;
export const endingName = z.enum(endingNames);
export type EndingName = z.infer<typeof endingName>;

const traits = z.strictObject({
  /** What a write sends: the `session` whole, so that of two at once one may be lost, or the `values` that it changed. */
  writes: z.enum(['session', 'values']),
  /** How all sessions of a user are ended; to stand in a sentence. Null: they cannot be. */
  endsAllOfAUser: z.string().nullable(),
  /** Sessions are on a disk too. */
  onDisk: z.boolean(),
  /** Null: sessions live in the apps. */
  servers: z
    .strictObject({
      spread: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('one') }),
        z.strictObject({ kind: z.literal('shards'), fewest: z.int().min(1), copies: z.int().min(1) }),
      ]),
      /** That one server process can use; null: as many as there are. */
      cores: z.int().min(1).nullable(),
      /** That each app process opens to each server, and that a server takes. */
      connections: z.strictObject({ perApp: z.int().min(1), most: z.int().min(1) }),
    })
    .nullable(),
});

export const onPaper = z.strictObject({
  /** Null where an ending cannot be, or nobody says what it costs. */
  outlasts: z.record(endingName, fate.nullable()),
  /** Null where nobody says. */
  traits: traits.nullable(),
});
export type OnPaper = Readonly<z.infer<typeof onPaper>>;

/** What is known of a strategy of this name; null of one that nobody knows. */
export type KnownOnPaper = (strategy: string) => OnPaper | null;
