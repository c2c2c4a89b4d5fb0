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
