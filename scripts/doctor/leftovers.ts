/** What runs that were killed have left. */
import { readdirSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from '../../infra/machine/process-table.ts';
import { RUN_FOLDER_PREFIX, readOwner, readRegister } from '../../infra/machine/run-folder.ts';
import type { Finding } from './finding.ts';

/** Folders of this user whose run has ended, and how many of its servers have not. */
export function examineLeftovers(folder: string = os.tmpdir()): Finding {
  const left = readdirSync(folder)
    .filter((name) => name.startsWith(RUN_FOLDER_PREFIX))
    .map((name) => path.join(folder, name))
    .filter(isAbandoned);
  const servers = left.flatMap((each) => readRegister(each).running.filter(isAlive));
  if (left.length === 0) return { name: 'leftovers', status: 'good', detail: 'none of earlier runs' };
  return {
    name: 'leftovers',
    status: 'later',
    detail: `${left.length} runs were killed and left ${servers.length} servers and ${left.join(', ')}`,
    remedy: 'The next bench ends and removes them.',
  };
}

function isAbandoned(folder: string): boolean {
  try {
    const owner = readOwner(folder);
    return owner !== null && statSync(folder).uid === process.getuid?.() && !isAlive(owner);
  } catch {
    return false;
  }
}
