/** Which system this machine runs. */
import os from 'node:os';
import { readOrEmpty } from '../read-or-empty.ts';

export type System = 'debian' | 'fedora' | 'macos' | 'other';

/** The family of systems that this machine belongs to. */
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
  const text = await readOrEmpty('/etc/os-release');
  const pairs = text.matchAll(/^(\w+)="?([^"\n]*)"?$/gm);
  return Object.fromEntries([...pairs].map(([, key = '', value = '']) => [key, value]));
}
