/** What to tell a person about a program that this machine lacks. */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import type { Lack } from '../../runtimes/runtime.ts';
import type { ProgramNeed } from './program.ts';

export type System = 'debian' | 'fedora' | 'macos' | 'other';

/** Which family of systems this machine belongs to. */
export async function system(): Promise<System> {
  if (os.platform() === 'darwin') return 'macos';
  const release = await osRelease();
  const families = `${release.ID ?? ''} ${release.ID_LIKE ?? ''}`.split(/\s+/);
  if (families.some((family) => family === 'debian' || family === 'ubuntu')) return 'debian';
  if (families.some((family) => ['fedora', 'rhel', 'centos'].includes(family))) return 'fedora';
  return 'other';
}

/** `/etc/os-release`, empty where there is none. */
export async function osRelease(): Promise<Readonly<Record<string, string>>> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const pairs = text.matchAll(/^(\w+)="?([^"\n]*)"?$/gm);
  return Object.fromEntries([...pairs].map(([, key = '', value = '']) => [key, value]));
}

export function lackOf(need: ProgramNeed, on: System, why: string): Lack {
  const wanted = need.candidates.join(' or ');
  const fallback =
    on === 'debian' && need.debianPackages.length > 0
      ? `sudo apt-get install ${need.debianPackages.join(' ')}`
      : `Install ${wanted} so that it is on PATH.`;
  return { what: wanted, why, remedy: need.remedies[on] ?? need.remedies.other ?? fallback };
}
