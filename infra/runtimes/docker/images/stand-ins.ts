/**
 * Stand-ins for official images, for machines without a registry: one Debian base with every server in it, tagged
 * with the official names and labelled as what it is. It needs root (debootstrap unpacks a whole system) and a
 * Debian package source; the base is kept in the cache, keyed by its recipe.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../../../../record/user-error.ts';
import { sayingElapsed } from '../../../machine/elapsed.ts';
import { environmentFor } from '../../../machine/environment.ts';
import { cacheFolder, changeFolder, removeUnfinished, unfinished } from '../../../machine/programs/cache.ts';
import { outputOrEnding, runOrThrow, runProgram } from '../../../machine/run.ts';
import type { EngineClient } from '../engine/client.ts';
import { dockerCommand } from '../engine/command.ts';
import { explained } from '../engine/explain.ts';
import { localImage, STAND_IN_LABEL } from './local.ts';

/** The unstable release: the only one that has MySQL, and the newest of everything else. */
const RELEASE = 'sid';
const PACKAGES = [
  'mysql-server-core',
  'mysql-client-core',
  'redis-server',
  'redis-tools',
  'valkey-server',
  'valkey-tools',
  'memcached',
  'sasl2-bin',
  'libsasl2-modules',
  'libsasl2-modules-db',
  'haproxy',
  'postgresql-18',
  'libstdc++6',
];
/** What nobody reads in an image for measuring, and MySQL's folder for imports, which its other package makes. */
const FINISHING = `
rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/var/log/* "$1"/var/lib/postgresql/*/main \\
  "$1"/usr/share/doc "$1"/usr/share/man "$1"/usr/share/info "$1"/usr/share/locale "$1"/usr/share/i18n \\
  "$1"/var/cache/debconf/*-old "$1"/tmp/* "$1"/run/* "$1"/dev/* "$1"/debootstrap
mkdir -p "$1"/var/lib/mysql-files "$1"/var/log
`;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/lib/postgresql/18/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** Packages, unpacked files and the archive while it is made. */
const SPACE_BYTES = 3 * 2 ** 30;

const DESCRIPTION = `Debian ${RELEASE} packages`;

export interface StandInOutcome {
  readonly image: string;
  /** `kept`: an image from a registry has the name already and stays. */
  readonly status: 'made' | 'present' | 'kept';
}

/** @throws UserError saying what is missing, and how to get it */
export async function makeStandIns(
  client: EngineClient,
  names: readonly string[],
  progress: (line: string) => void,
): Promise<readonly StandInOutcome[]> {
  const base = `session-bench-stand-in:${recipeKey()}`;
  const baseImage = await localImage(client, base);
  if (!baseImage) await importBase(await baseArchive(progress), base, progress);
  const outcomes: StandInOutcome[] = [];
  for (const image of names) {
    const present = await localImage(client, image);
    if (present && !present.standIn) outcomes.push({ image, status: 'kept' });
    else if (present && present.id === (await localImage(client, base))?.id)
      outcomes.push({ image, status: 'present' });
    else {
      await docker(['tag', base, image], `the stand-in cannot be tagged ${image}`);
      outcomes.push({ image, status: 'made' });
    }
  }
  return outcomes;
}

/** Names of the stand-ins that were removed. The archive in the cache stays. */
export async function removeStandIns(
  client: EngineClient,
  names: readonly string[],
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const name of [...names, `session-bench-stand-in:${recipeKey()}`]) {
    if (!(await localImage(client, name))?.standIn) continue;
    await docker(['image', 'rm', name], `${name} cannot be removed`);
    removed.push(name);
  }
  return removed;
}

function recipeKey(): string {
  const recipe = JSON.stringify([RELEASE, PACKAGES, FINISHING, PATH, os.arch()]);
  return createHash('sha256').update(recipe).digest('hex').slice(0, 16);
}

async function docker(args: readonly string[], failure: string): Promise<void> {
  const { exitCode, all } = await dockerCommand(args);
  if (exitCode !== 0) throw new UserError('unavailable', explained(failure, all));
}

async function importBase(archive: string, name: string, progress: (line: string) => void): Promise<void> {
  progress('Giving the base to the engine');
  const changes = [`ENV PATH=${PATH}`, 'ENV LANG=C.UTF-8', `LABEL ${STAND_IN_LABEL}="${DESCRIPTION}"`];
  await docker(
    ['import', ...changes.flatMap((change) => ['--change', change]), archive, name],
    'the base cannot be given to the engine',
  );
}

async function baseArchive(progress: (line: string) => void): Promise<string> {
  const folder = path.join(cacheFolder(), 'images');
  const archive = path.join(folder, `${recipeKey()}.tar`);
  const waiting = () => progress('Waiting for another session-bench that is making the base');
  return await changeFolder(folder, waiting, async () => {
    if (existsSync(archive)) return archive;
    await removeUnfinished(folder);
    await makeArchive(folder, archive, progress);
    return archive;
  });
}

async function makeArchive(folder: string, archive: string, progress: (line: string) => void): Promise<void> {
  const mirror = await expectDebootstrap();
  progress(`Making a base of ${DESCRIPTION} (needed once; one to five minutes)`);
  const work = await mkdtemp(path.join(folder, unfinished));
  const inMemory = await mountMemory(work);
  try {
    await sayingElapsed('Making the base', progress, async (elapsed) => {
      const root = path.join(work, 'root');
      await unpackSystem(root, mirror);
      await runOrThrow('sh', ['-ec', FINISHING, 'sh', root]);
      await archiveOf(root, archive);
      progress(`Made the base in ${elapsed()}`);
    });
  } finally {
    if (inMemory) await runProgram('umount', ['--lazy', work]);
    await rm(work, { recursive: true, force: true });
  }
}

async function unpackSystem(root: string, mirror: string): Promise<void> {
  await mkdir(root);
  const options = ['--variant=minbase', `--include=${PACKAGES.join(',')}`, `--keyring=${KEYRING}`];
  const env = { ...environmentFor('packages'), DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const made = await runProgram('nice', ['-n', '10', 'debootstrap', ...options, RELEASE, root, mirror], {
    env,
  });
  if (made.exitCode === 0) return;
  throw new UserError(
    'unavailable',
    `${explained('debootstrap failed', outputOrEnding(made))}\nThe unstable release may be in the middle of a change: try again later.`,
  );
}

async function archiveOf(root: string, archive: string): Promise<void> {
  const unfinishedArchive = `${archive}.${randomBytes(4).toString('hex')}`;
  try {
    const options = ['--numeric-owner', '-cf', unfinishedArchive, '-C', root, '.'];
    await runOrThrow('nice', ['-n', '10', 'tar', ...options]);
    await rename(unfinishedArchive, archive);
  } finally {
    await rm(unfinishedArchive, { force: true });
  }
}

/** Installing packages waits for the disk after each file; in memory it does not. */
async function mountMemory(folder: string): Promise<boolean> {
  if (os.freemem() < 2 * SPACE_BYTES) return false;
  const options = ['-t', 'tmpfs', '-o', `size=${SPACE_BYTES},mode=755`, 'session-bench', folder];
  const { exitCode } = await runProgram('mount', options);
  return exitCode === 0;
}

/** @returns where this machine gets Debian from */
async function expectDebootstrap(): Promise<string> {
  const mistakes: string[] = [];
  if (process.getuid?.() !== 0) {
    mistakes.push(
      'Making the base needs root, since it unpacks a whole system: sudo npm run images -- --offline',
    );
  }
  if ((await runProgram('debootstrap', ['--version'])).ending === 'missing') {
    mistakes.push('debootstrap is missing: apt-get install debootstrap');
  }
  if (!existsSync(KEYRING)) mistakes.push(`${KEYRING} is missing: apt-get install debian-archive-keyring`);
  const mirror = await debianMirror();
  if (!mirror) {
    mistakes.push(
      'This machine has no Debian package source. Name one in SESSION_BENCH_DEBIAN_MIRROR (a URL as debootstrap takes it), or pull the images where a registry is in reach.',
    );
  }
  if (mistakes.length > 0 || !mirror) throw new UserError('unavailable', mistakes.join('\n'));
  return mirror;
}

async function debianMirror(): Promise<string | null> {
  if (process.env.SESSION_BENCH_DEBIAN_MIRROR) return process.env.SESSION_BENCH_DEBIAN_MIRROR;
  const { stdout } = await runProgram('apt-get', [
    ...['indextargets', '--format', '$(ORIGIN) $(REPO_URI)'],
    'Created-By: Packages',
  ]);
  const sources = stdout.split('\n').map((line) => line.split(' '));
  return sources.find(([origin, uri]) => origin === 'Debian' && !uri?.includes('security'))?.[1] ?? null;
}
