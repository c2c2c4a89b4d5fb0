/** Several at a time, in their order: what waits in one lane does not hold up the others. */

/**
 * Waits for what was begun, also where some of it failed. After a failure nothing new is begun.
 * @param count of lanes, at least 1
 * @throws what `work` threw first
 */
export async function inLanes<Thing>(
  count: number,
  things: readonly Thing[],
  signal: AbortSignal,
  work: (thing: Thing) => Promise<void>,
): Promise<void> {
  // All lanes take from it.
  const waiting = things.values();
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (const thing of waiting) {
      if (signal.aborted || failures.length > 0) return;
      await work(thing).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: count }, lane));
  if (failures.length > 0) throw failures[0];
}
