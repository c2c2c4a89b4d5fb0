/** Names the code that a side runs, so that two sides of the same code are known as such. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { lockedPackages } from '../dependencies.ts';

/** Tests and what only they use are not run. */
const isTest = (file: string): boolean => /\.test\.ts$|(^|\/)testing\//.test(file);

/** Files under a folder that are no tests, in the order of their names; none where it cannot be read. */
export async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((file) => !isTest(file) && !file.split(path.sep).includes('node_modules'))
    .sort();
}

/** SHA-256 of names and contents. */
export async function contentDigest(folder: string, more: readonly string[] = []): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await filesOf(folder)) {
    const content = await readFile(path.join(folder, file)).catch(() => Buffer.alloc(0));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  for (const line of more) hash.update(`${line}\0`);
  return hash.digest('hex');
}

/** Of the app, the stores, what they promise each other, and the packages that they are to run with. */
export const digestOfSide = async (checkout: string): Promise<string> =>
  await contentDigest(path.join(checkout, 'servers'), await lockedPackages(checkout));
