/**
 * Packages that the package sources of this machine do not know, noted for a day. Finding that out takes new lists of
 * packages, for which every start would wait otherwise.
 */
import { readFile, stat, writeFile } from 'node:fs/promises';

const KEPT_MS = 24 * 3600_000;

const noteOf = (root: string) => `${root}.unknown`;

/** Whether a failure, in apt's own words, is that a package is in no list. */
export const saysUnknown = (why: string) =>
  /Unable to locate package|has no installation candidate/.test(why);

/** Why the packages of this root could not be fetched; null when that was not noted within the last day. */
export async function notedUnknown(root: string): Promise<string | null> {
  try {
    const { mtimeMs } = await stat(noteOf(root));
    return Date.now() - mtimeMs < KEPT_MS ? await readFile(noteOf(root), 'utf8') : null;
  } catch {
    return null;
  }
}

export async function noteUnknown(root: string, why: string): Promise<void> {
  await writeFile(noteOf(root), why);
}
