/** Finds programs that the machine has already. */
import { existsSync } from 'node:fs';
import { access, constants, readdir, readFile, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readOrEmpty } from '../read-or-empty.ts';

/** Folders of server programs that are often not on an ordinary user's PATH. */
const usualFolders = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
  '/opt/homebrew/bin',
  '/opt/homebrew/sbin',
  '/home/linuxbrew/.linuxbrew/bin',
];

/** Parents of folders such as `15/bin` (PostgreSQL on Debian) or `mysql@8.4/bin` (Homebrew's keg-only formulae). */
const versionedParents: readonly { readonly parent: string; readonly matches: RegExp }[] = [
  { parent: '/usr/lib/postgresql', matches: /^\d+$/ },
  { parent: '/opt/homebrew/opt', matches: /^(postgresql|mysql|mariadb)(@[\d.]+)?$/ },
  { parent: '/usr/local/opt', matches: /^(postgresql|mysql|mariadb)(@[\d.]+)?$/ },
];

async function versionedFolders(): Promise<string[]> {
  const found = await Promise.all(
    versionedParents.map(async ({ parent, matches }) => {
      const names = await readdir(parent).catch(() => []);
      return names
        .filter((name) => matches.test(name))
        .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
        .map((name) => path.join(parent, name, 'bin'));
    }),
  );
  return found.flat();
}

/** Where programs are looked for, in order. */
export async function systemFolders(env: NodeJS.ProcessEnv = process.env): Promise<readonly string[]> {
  const onPath = (env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return [...new Set([...onPath, ...usualFolders, ...(await versionedFolders())])];
}

/** Whether a path is a file that this user may run. */
export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** The first of the candidates that one of the folders holds, or null. */
export async function findProgram(
  candidates: readonly string[],
  folders: readonly string[],
): Promise<string | null> {
  for (const candidate of candidates) {
    for (const folder of folders) {
      const file = path.join(folder, candidate);
      if ((await isExecutable(file)) && !(await isConfined(file))) return file;
    }
  }
  return null;
}

/**
 * Whether AppArmor confines the program to the system's own folders, as on Ubuntu mysqld: it could not use our data
 * folder.
 */
async function isConfined(file: string): Promise<boolean> {
  if (os.platform() !== 'linux') return false;
  const enabled = await readFile('/sys/module/apparmor/parameters/enabled', 'utf8').catch(() => 'N');
  if (!enabled.startsWith('Y')) return false;
  const profile = file.slice(1).replaceAll('/', '.');
  if (existsSync(`/etc/apparmor.d/disable/${profile}`)) return false;
  const text = await readOrEmpty(`/etc/apparmor.d/${profile}`);
  const rules = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  return rules.length > 0 && !/flags=\([^)]*(complain|unconfined)/.test(text);
}
