/** What a strategy's servers and stores say of their own limits: why a session could not be kept, or was not taken. */
import { z } from 'zod';

const count = z.int().min(0);

/** Counts that a server may keep of what its limits did. */
export const strainCounts = [
  /** Live entries that were dropped to make room. */
  'evicted',
  /** Writes that were refused because its memory was full. */
  'refusedForMemory',
  /** Writes that were refused because one entry was too large. */
  'tooLarge',
  /** Connections that were refused because there were too many. */
  'refusedConnections',
  /** Entries that ended because nobody used them for their idle life. */
  'expired',
  /** Transactions that were given up because they waited for each other. */
  'deadlocks',
] as const;
export type StrainCount = (typeof strainCounts)[number];

export const serverStrain = z.strictObject({
  /** `cache-1` */
  node: z.string(),
  /** As the server calls itself: `Redis`. */
  product: z.string(),
  /** Those that this server tells. */
  counts: z.partialRecord(z.enum(strainCounts), count),
  /** Memory for data, in bytes; null where the server has no such limit. */
  memory: z.strictObject({ usedBytes: z.number().min(0), limitBytes: z.number().min(0) }).nullable(),
});
export type ServerStrain = Readonly<z.infer<typeof serverStrain>>;

/** What an app's store failed with, in the store's own words, and how often. */
export const storeFailure = z.object({ reason: z.string(), count });
export type StoreFailure = Readonly<z.infer<typeof storeFailure>>;

/** Of a trial, from its empty store to its last answer, its logins included. */
export const strain = z.strictObject({
  servers: z.array(serverStrain),
  /** The most frequent first. */
  failures: z.array(storeFailure),
  /** Free bytes of the disk that holds the servers' data and logs, at the end; null where the system does not tell. */
  diskFreeBytes: z.number().min(0).nullable(),
  /** Services that did not tell, `app` among them: what they met is not known. */
  unknown: z.array(z.string()),
});
export type Strain = Readonly<z.infer<typeof strain>>;
