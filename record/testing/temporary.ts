/** Where tests keep what they write. */
import { existsSync } from 'node:fs';
import os from 'node:os';

const MEMORY = '/dev/shm';

/** In memory where the system has such files: results are flushed to the disk after every trial. */
export const temporaryPlace = existsSync(MEMORY) ? MEMORY : os.tmpdir();
