/** What a run needs of the folders that it writes to. */
import { access, constants, stat, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { nearestExisting } from '../machine/nearest-folder.ts';
import { cacheFolder } from '../machine/programs/index.ts';
import { closedTemporaryFolder } from '../machine/temporary-folder.ts';
import { type Answer, bad, good, type Requirement } from './requirement.ts';

const GIB = 2 ** 30;

export const gibibytes = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;

/** @param results folder that gets the results; it need not exist yet */
export const folderRequirements = (results: string): readonly Requirement[] => [
  {
    name: 'results folder',
    ask: () => askSpace(results, 0.2 * GIB, 'name another folder with --out'),
  },
  {
    name: 'temporary folder',
    ask: () => askSpace(os.tmpdir(), 2 * GIB, 'name another folder in TMPDIR'),
  },
  {
    name: 'cache folder',
    ask: () => askSpace(cacheFolder(), 1.5 * GIB, 'name another folder in SESSION_BENCH_CACHE'),
  },
  { name: 'temporary folder for all', ask: askReachableTemporary },
  { name: 'cache for all', ask: askReachableCache },
];

async function askSpace(folder: string, enough: number, otherwise: string): Promise<Answer> {
  const place = await nearestExisting(folder);
  const writable = await access(place, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable) return bad(`${folder} cannot be written`, `Mend that or ${otherwise}.`);
  const { bavail, bsize } = await statfs(place);
  const detail = `${folder}, ${gibibytes(bavail * bsize)} free`;
  return bavail * bsize >= enough
    ? good(detail)
    : bad(detail, `Make ${gibibytes(enough)} free or ${otherwise}.`);
}

/** Servers do not run as root, and must reach the temporary folder. */
async function askReachableTemporary(): Promise<Answer | null> {
  const lack = closedTemporaryFolder();
  return lack && bad(lack.why, lack.remedy);
}

/** PostgreSQL refuses to run as root and is started as another user, who must reach its files. */
async function askReachableCache(): Promise<Answer | null> {
  if (process.getuid?.() !== 0) return null;
  for (let folder = await nearestExisting(cacheFolder()); folder !== '/'; folder = path.dirname(folder)) {
    const { mode } = await stat(folder);
    if ((mode & 0o001) === 0)
      return bad(
        `${folder} is closed to users other than root, and PostgreSQL does not run as root`,
        `chmod o+x ${folder}, or name another folder in SESSION_BENCH_CACHE.`,
      );
  }
  return null;
}
