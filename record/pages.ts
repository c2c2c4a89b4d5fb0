/** What became of pages: several requests of one session that are in flight at the same time. */
import { z } from 'zod';

const count = z.int().min(0);

/** Counts of one trial, as the engine counts them. Races of the store contract are no violations; logouts undone are. */
export const pageCounts = z.strictObject({
  count,
  /** Pages with a request that got no right answer; they count as slower than any. */
  failed: count,
  /** Right answers to the reads that follow pages, when nothing else is done with their sessions. They are no arrivals, and in no latency. */
  settling: count,
  /** Pages whose lost writes could be told: all answers were right, and the version before was known. */
  clear: count,
  /** Acknowledged writes of these. */
  writes: count,
  /** Those of them that the version afterwards does not show: another write of the page was put over them. */
  lostUpdates: count,
  /**
   * Those of them whose answer has the version of another one. A store that compares before it sets (CAS) would have refused
   * them: the client would know, and could try again.
   */
  takenVersions: count,
  /** Logouts that raced with writes, and how many of these sessions were there again afterwards. */
  logouts: count,
  undoneLogouts: count,
  /** Pairs of logins that brought the same old cookie, and how many of the old sessions were still there afterwards. */
  logins: count,
  survivedLogins: count,
});
export type PageCounts = z.infer<typeof pageCounts>;

export const pages = z.strictObject({
  ...pageCounts.shape,
  /** HDR histogram as in `histograms.jsonl`: microseconds from a page's intended start to its last byte, of pages that did not fail. */
  intended: z.string(),
});
export type Pages = z.infer<typeof pages>;
