/** How many connections a server may be told to take, by the number of files that a process may have open. */
import { readFileSync } from 'node:fs';

/** Far more than the generator opens (64 unless a script says otherwise), and than two apps open to a store. */
const CONNECTIONS = 4096;
/** Files of a server beside its connections: listeners, logs, pipes of its threads, data. */
const OWN_FILES = 100;
/** With fewer, a server could not take the generator's connections and those behind them with room. */
export const FEWEST_OPEN_FILES = 512;

/** Files that this process, and what it starts, may have open; null where that is not told. */
export function openFilesLimit(): number | null {
  try {
    const text = readFileSync('/proc/self/limits', 'utf8');
    const limit = Number(/^Max open files\s+(\S+)/m.exec(text)?.[1]);
    return Number.isFinite(limit) ? limit : null;
  } catch {
    return null;
  }
}

/**
 * @param openFiles most files that the server may have open
 * @param filesPerConnection 1, or 2 for a server that opens a connection for each that it takes
 */
export const connectionsWithin = (openFiles: number, filesPerConnection: 1 | 2): number =>
  Math.max(1, Math.min(CONNECTIONS, Math.floor((openFiles - OWN_FILES) / filesPerConnection)));
