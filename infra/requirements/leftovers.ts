/** What runs that were killed have left. */
import { readdirSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { counted, nounFor } from '../../record/counted.ts';
import { isAlive, mayBeAlive } from '../machine/process-table.ts';
import { lockOfThisProcess, RUN_FOLDER_PREFIX, readOwner, readRegister } from '../machine/run-folder.ts';
import { straysOf } from '../machine/strays.ts';
import { type Answer, good, hint, later, type Requirement } from './requirement.ts';

export const leftoversRequirement: Requirement = {
  name: 'leftovers',
  means: 'they would run beside what is measured',
  ask: () => askLeftovers(os.tmpdir()),
};

/** What killed runs of this user left, in this folder and elsewhere; what others' left is told, and nobody else's to end. */
export async function askLeftovers(folder: string, lock = lockOfThisProcess()): Promise<Answer> {
  const left = namesIn(folder)
    .filter((name) => name.startsWith(RUN_FOLDER_PREFIX))
    .map((name) => path.join(folder, name))
    .filter(isAbandoned);
  const strays = straysOf(lock).filter((stray) => !left.includes(stray.folder));
  const [mine, others] = [strays.filter(({ isMine }) => isMine), strays.filter(({ isMine }) => !isMine)];
  if (left.length + mine.length > 0) {
    const pids = [
      ...left.flatMap((each) => readRegister(each).running.filter(isAlive)).map(({ pid }) => pid),
      ...mine.flatMap((stray) => stray.pids),
    ];
    const runs = counted(left.length + mine.length, 'run');
    const was = nounFor(left.length + mine.length, 'was', 'were');
    const processes = `${counted(pids.length, 'process', 'processes')}${pids.length > 0 ? ` (${pids.join(', ')})` : ''}`;
    const folders = [...left, ...mine.map((stray) => stray.folder)].join(', ');
    return later(
      `${runs} ${was} killed and left ${processes} and ${folders}`,
      'The next bench ends and removes them.',
    );
  }
  if (others.length > 0) {
    const pids = others.flatMap((stray) => stray.pids).join(', ');
    return hint(
      `killed runs of other users left processes (${pids}) and ${others.map((stray) => stray.folder).join(', ')}`,
      'They take processor time from what is measured. Their owner ends them with the next bench, or with kill.',
    );
  }
  return good('none of earlier runs');
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
    return owner !== null && statSync(folder).uid === process.getuid?.() && !mayBeAlive(owner);
  } catch {
    return false;
  }
}
