/** What runs that were killed have left. */
import { readdirSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from '../machine/process-table.ts';
import { RUN_FOLDER_PREFIX, readOwner, readRegister } from '../machine/run-folder.ts';
import { type Answer, good, later, type Requirement } from './requirement.ts';

export const leftoversRequirement: Requirement = {
  name: 'leftovers',
  means: 'they would run beside what is measured',
  ask: () => askLeftovers(os.tmpdir()),
};

/** Folders of this user whose run has ended, and how many of its servers have not. */
export async function askLeftovers(folder: string): Promise<Answer> {
  const left = namesIn(folder)
    .filter((name) => name.startsWith(RUN_FOLDER_PREFIX))
    .map((name) => path.join(folder, name))
    .filter(isAbandoned);
  if (left.length === 0) return good('none of earlier runs');
  const servers = left.flatMap((each) => readRegister(each).running.filter(isAlive));
  return later(
    `${left.length} runs were killed and left ${servers.length} servers and ${left.join(', ')}`,
    'The next bench ends and removes them.',
  );
}

/** None where there is no such folder: another question tells that. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isAbandoned(folder: string): boolean {
  try {
    const owner = readOwner(folder);
    return owner !== null && statSync(folder).uid === process.getuid?.() && !isAlive(owner);
  } catch {
    return false;
  }
}
