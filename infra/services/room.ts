/** How much room sessions have in a kind of server, and how much of it each takes. */

/** Bytes that a population takes, all nodes together. */
export interface Need {
  /** Less is impossible. */
  readonly least: number;
  /** As measured, with what the server keeps beside the data. */
  readonly likely: number;
}

export interface Room {
  /** What bounds it: the memory budget of each node, or the disk. */
  readonly in: 'memory' | 'disk';
  /** How many nodes hold sessions of their own; replicas hold those of others. */
  readonly nodes: number;
  /** What happens to sessions for which there is no room: `writes are refused`. */
  readonly whenFull: string;
  /** Share of the room, 0 to 1, beyond which a likely need is too close. */
  readonly closeAt: number;
  /** Bytes that it takes from the system at a time, all nodes together: a reading tells apart no less. */
  readonly grain: number;
  /** @param sessionBytes of one session's text */
  need(sessions: number, sessionBytes: number): Need;
}

/**
 * Of a database on the disk.
 * @param likely bytes on the disk for so many bytes of sessions
 * @param grain bytes by which its files grow
 */
export const onDisk = (likely: (bytes: number) => number, grain: number): Room => ({
  in: 'disk',
  grain,
  nodes: 1,
  whenFull: 'writes fail',
  closeAt: 0.9,
  need(sessions, sessionBytes) {
    const bytes = sessions * sessionBytes;
    return { least: bytes, likely: likely(bytes) };
  },
});

/**
 * Bytes that jemalloc gives for so many: four sizes between each power of two and the next.
 * @see https://jemalloc.net/jemalloc.3.html, "Size classes"
 */
export function jemallocBytes(bytes: number): number {
  const step = 2 ** Math.max(4, Math.floor(Math.log2(Math.max(1, bytes - 1))) - 2);
  return Math.ceil(bytes / step) * step;
}
