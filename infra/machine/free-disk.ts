import { statfsSync } from 'node:fs';
import os from 'node:os';

/**
 * Free bytes of the temporary folder, where servers of every runtime keep their data and their logs. Null where the system
 * does not tell.
 */
export function freeDisk(): number | null {
  try {
    const { bavail, bsize } = statfsSync(os.tmpdir());
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** Of `statfs`: tmpfs and ramfs. */
const IN_MEMORY: readonly number[] = [0x01021994, 0x858458f6];

/** Whether the temporary folder is kept in memory, where nothing is flushed to a disk. Null where the system does not tell. */
export function temporaryInMemory(): boolean | null {
  try {
    return IN_MEMORY.includes(statfsSync(os.tmpdir()).type);
  } catch {
    return null;
  }
}
