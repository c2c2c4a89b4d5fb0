/** What a run needs of the folders that it writes to. */
import { chmod, copyFile, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { counted } from '../../record/counted.ts';
import { messageOf } from '../machine/errors.ts';
import { nearestExisting } from '../machine/nearest-folder.ts';
import { findProgram, systemFolders } from '../machine/programs/find.ts';
import { cacheFolder } from '../machine/programs/index.ts';
import { describeEnding, runProgram } from '../machine/run.ts';
import { LONGEST_TEMPORARY } from '../machine/run-folder.ts';
import { closedTemporaryFolder } from '../machine/temporary-folder.ts';
import { unprivilegedUser } from '../machine/unprivileged.ts';
import { type Answer, bad, good, hint, type Requirement } from './requirement.ts';

const GIB = 2 ** 30;

export const gibibytes = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;

/**
 * @param results folder that gets the results; it need not exist yet
 * @param complete whether all programs are here, so that nothing need be put into the cache
 */
export const folderRequirements = (results: string, complete: Promise<boolean>): readonly Requirement[] => [
  {
    name: 'results folder',
    means: 'results are kept there',
    ask: () => askSpace(results, enough.results, 'name another folder with --out'),
  },
  { name: 'temporary folder', means: 'servers keep their configuration and data there', ask: askTemporary },
  {
    name: 'cache folder',
    means: 'programs that are fetched and built are kept there',
    ask: () => askCache(complete),
  },
];

interface Space {
  readonly bytes: number;
  /** How many files and folders. */
  readonly files: number;
}

/**
 * A run of all strategies had 1,610 files of servers (184 MiB), and 20 for each trial; a gate has twice as many, and copies of
 * the code. A full cache held 17,900.
 */
const enough = {
  results: { bytes: 0.2 * GIB, files: 1_000 },
  temporary: { bytes: 0.5 * GIB, files: 5_000 },
  cache: { bytes: 1.5 * GIB, files: 25_000 },
} as const satisfies Readonly<Record<string, Space>>;

async function askSpace(folder: string, { bytes, files }: Space, otherwise: string): Promise<Answer> {
  const place = await nearestExisting(folder);
  const refusal = await whyNotWritable(place);
  if (refusal !== null) return bad(`${folder} cannot be written: ${refusal}`, `Mend that or ${otherwise}.`);
  const { bavail, bsize, files: all, ffree } = await statfs(place);
  const detail = `${folder}, ${gibibytes(bavail * bsize)} free`;
  if (bavail * bsize < bytes) return bad(detail, `Make ${gibibytes(bytes)} free or ${otherwise}.`);
  // File systems that make room for files as they come tell of none (btrfs).
  if (all > 0 && ffree < files)
    return bad(
      `${detail}, and room for ${counted(ffree, 'file')} more (df -i)`,
      `Remove files there until ${files} fit, mount it with more inodes (nr_inodes of a tmpfs), or ${otherwise}.`,
    );
  return good(detail);
}

/** Makes a file in a folder and removes both. Null where that succeeds. */
async function whyNotWritable(place: string): Promise<string | null> {
  try {
    await inScratchFolder(place, (folder) => writeFile(path.join(folder, 'file'), 'x'.repeat(4096)));
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

async function inScratchFolder<Result>(
  place: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(path.join(place, '.session-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Characters that no configuration file of a server takes for anything but a part of a path. */
const plainPath = /^[\w./@+=~,-]+$/;

export async function askTemporary(): Promise<Answer> {
  const folder = os.tmpdir();
  const remedy = 'Set TMPDIR to a folder that every user can reach (TMPDIR=/tmp), or unset it.';
  if (!path.isAbsolute(folder)) return bad(`TMPDIR is "${folder}", which is no absolute path`, remedy);
  if (!plainPath.test(folder))
    return bad(
      `TMPDIR is "${folder}", with characters that mean something else in the servers' own files`,
      remedy,
    );
  if (Buffer.byteLength(folder) > LONGEST_TEMPORARY)
    return bad(
      `TMPDIR is "${folder}", so long that unix sockets in it could not be reached (${LONGEST_TEMPORARY} bytes at most)`,
      remedy,
    );
  if ((await nearestExisting(folder)) !== folder) return bad(`there is no folder ${folder}`, remedy);
  const closed = closedTemporaryFolder(folder);
  if (closed) return bad(closed.why, closed.remedy);
  return await askSpace(folder, enough.temporary, 'name another folder in TMPDIR');
}

/** Servers do not run as root, and must be able to run what is kept in the cache. */
async function askCache(complete: Promise<boolean>): Promise<Answer> {
  const otherwise = 'name another folder in SESSION_BENCH_CACHE';
  const folder = cachePlace();
  if (folder === null)
    return bad('this user has no home folder for it', 'Set SESSION_BENCH_CACHE to a folder.');
  if (!plainPath.test(folder))
    return bad(`${folder} has characters that programs cannot have in their paths`, `Please ${otherwise}.`);
  const place = await nearestExisting(folder);
  const answer = await askSpace(folder, enough.cache, otherwise);
  const found = answer.status === 'good' ? await askRunnable(folder, place, otherwise) : answer;
  if (found.status !== 'bad' || !(await complete)) return found;
  return hint(`${found.detail}; all programs are here already`, found.remedy);
}

function cachePlace(): string | null {
  try {
    return cacheFolder();
  } catch {
    return null;
  }
}

/** Runs a program that was put there, as the user that servers run as. */
async function askRunnable(folder: string, place: string, otherwise: string): Promise<Answer> {
  const program = await findProgram(['true'], await systemFolders());
  const { bavail, bsize } = await statfs(place);
  const free = good(`${folder}, ${gibibytes(bavail * bsize)} free`);
  if (program === null) return free;
  const user = unprivilegedUser();
  return await inScratchFolder(place, async (scratch) => {
    await chmod(scratch, 0o755);
    const copy = path.join(scratch, 'true');
    await copyFile(program, copy);
    const outcome = await runProgram(copy, [], { cwd: '/', timeoutMs: 5_000, ...(user ? { user } : {}) });
    if (outcome.exitCode === 0) return free;
    const who = user ? ` as the user that servers run as (${user.uid})` : '';
    return bad(
      `a program in ${place} cannot be run${who}: ${describeEnding(outcome)}`,
      `Let others pass (chmod o+x ${place}), mount it without noexec, or ${otherwise}.`,
    );
  });
}
