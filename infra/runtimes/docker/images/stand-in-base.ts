/**
 * The base of all stand-ins: one Debian system with every server in it. Making it needs root (debootstrap unpacks a whole
 * system) and a Debian package source; it is kept in the cache, keyed by its recipe.
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
import { explained } from '../engine/explain.ts';

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
  // The shell and the small programs of Alpine's variants.
  'busybox',
  'locales',
];
/**
 * Without what nobody reads in an image for measuring; with MySQL's folder for imports, which its other package makes, the
 * locale that PostgreSQL's image has, and the folders of official images, as closed as they are there.
 */
const FINISHING = `
chroot "$1" localedef -i en_US -f UTF-8 en_US.UTF-8
rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/var/log/* "$1"/var/lib/postgresql/*/main \\
  "$1"/usr/share/doc "$1"/usr/share/man "$1"/usr/share/info "$1"/usr/share/locale "$1"/usr/share/i18n \\
  "$1"/var/cache/debconf/*-old "$1"/tmp/* "$1"/run/* "$1"/dev/* "$1"/debootstrap
mkdir -p "$1"/var/lib/mysql-files "$1"/var/log "$1"/var/lib/mysql "$1"/var/lib/postgresql
chmod 1777 "$1"/var/lib/mysql "$1"/var/lib/postgresql
install -d -o 999 -g 999 -m 755 "$1"/data
`;
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** Packages, unpacked files and the archive while it is made. */
const SPACE_BYTES = 3 * 2 ** 30;

/** For people: what stand-ins are made of. */
export const DESCRIPTION = `Debian ${RELEASE} packages`;

/** Of all that the base is made of. */
export function baseKey(): string {
  const recipe = JSON.stringify([RELEASE, PACKAGES, FINISHING, os.arch()]);
  return createHash('sha256').update(recipe).digest('hex').slice(0, 16);
}

/** Path of the archive, which is made where there is none. @throws UserError saying what is missing, and how to get it */
export async function baseArchive(progress: (line: string) => void): Promise<string> {
  const folder = path.join(cacheFolder(), 'images');
  const archive = path.join(folder, `${baseKey()}.tar`);
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
