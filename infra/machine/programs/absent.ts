/**
 * Packages that this machine's sources do not have, remembered for a day: finding that out takes new lists of all
 * packages, which every start would otherwise wait for.
 */
import { readFile, stat, writeFile } from 'node:fs/promises';

const KEPT_MS = 24 * 3600_000;

const fileOf = (root: string) => `${root}.absent`;

/** Whether a failure, in apt's own words, is that a package is in no list. */
export const saysAbsent = (why: string) => /Unable to locate package|has no installation candidate/.test(why);

/** Why the packages of this root could not be had, when that was found within the last day. */
export async function knownAbsence(root: string): Promise<string | null> {
  try {
    const { mtimeMs } = await stat(fileOf(root));
    return Date.now() - mtimeMs < KEPT_MS ? await readFile(fileOf(root), 'utf8') : null;
  } catch {
    return null;
  }
}

export async function rememberAbsence(root: string, why: string): Promise<void> {
  await writeFile(fileOf(root), why);
}
