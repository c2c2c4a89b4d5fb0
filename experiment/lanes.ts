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
  const waiting = [...things];
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    while (!signal.aborted && failures.length === 0) {
      const next = waiting.splice(0, 1);
      if (next.length === 0) return;
      for (const thing of next) await work(thing).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: count }, lane));
  if (failures.length > 0) throw failures[0];
}
