/** Replaces a folder whole: written beside it, then renamed into its place, so that a reader finds the old one or the new one. */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { unwritable } from './unwritable.ts';

const isThere = (place: string): Promise<boolean> =>
  stat(place).then(
    () => true,
    () => false,
  );

const beside = (folder: string, state: 'new' | 'before'): string =>
  path.join(path.dirname(folder), `.${path.basename(folder)}.session-bench-${state}`);

/**
 * What was there before is gone afterwards, and stays where something fails. A command that is killed between the two
 * renames leaves it beside, and the next one takes it from there.
 * @param folder absolute path; those above it are made
 * @param files content by path within the folder, with `/`
 * @throws UserError when something cannot be written
 */
export async function replaceFolder(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const [fresh, before] = [beside(folder, 'new'), beside(folder, 'before')];
  try {
    await putBack(folder, before);
    await rm(fresh, { recursive: true, force: true });
    await mkdir(fresh, { recursive: true });
    for (const [name, content] of files) {
      const file = path.join(fresh, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content, { flush: true });
    }
    if (await isThere(folder)) await rename(folder, before);
    await rename(fresh, folder);
    await rm(before, { recursive: true, force: true });
  } catch (error) {
    await putBack(folder, before).catch(() => {});
    await rm(fresh, { recursive: true, force: true }).catch(() => {});
    throw unwritable(folder, error);
  }
}

/** Of a command that came half way; what it had finished is in place, and the old one is of no use any more. */
async function putBack(folder: string, before: string): Promise<void> {
  if (await isThere(folder)) await rm(before, { recursive: true, force: true });
  else if (await isThere(before)) await rename(before, folder);
}
