/** Fetches the Debian packages of several groups of programs in one download and unpacks each into its root. */

import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { counted } from '../../../record/counted.ts';
import { type Apt, AptError, type Lists, openApt, ownersOf, type Package, systemHasLists } from './apt.ts';
import { unfinished } from './cache.ts';
import { buildRoot } from './unpack.ts';

export interface Wanted {
  /** Names of packages, at least one. */
  readonly packages: readonly string[];
  /** File names of the programs that they hold. */
  readonly programs: readonly string[];
  /** Folder to unpack into. */
  readonly root: string;
}

/**
 * Unpacks the groups whose packages can be fetched, and gives the reason for each of the others. Files in the making are
 * kept under `folder`.
 * @throws Error when the disk is full or a folder cannot be written
 */
export async function fetchPackages(
  groups: readonly Wanted[],
  folder: string,
  progress: (line: string) => void,
): Promise<ReadonlyMap<Wanted, string>> {
  const failures = new Map<Wanted, string>();
  const sources: readonly Lists[] = (await systemHasLists()) ? ['system', 'own'] : ['own'];
  let pending = groups;
  for (const lists of sources) {
    if (pending.length === 0) break;
    const failed = await fetchWithLists(pending, lists, folder, progress);
    for (const group of pending) failures.delete(group);
    for (const [group, why] of failed) failures.set(group, why);
    pending = pending.filter((group) => failed.has(group));
  }
  return failures;
}

async function fetchWithLists(
  groups: readonly Wanted[],
  lists: Lists,
  folder: string,
  progress: (line: string) => void,
): Promise<ReadonlyMap<Wanted, string>> {
  const failures = new Map<Wanted, string>();
  const work = await mkdtemp(path.join(folder, unfinished));
  try {
    if (lists === 'own') progress('Fetching the lists of packages');
    const notInstalled = await ownersOf(groups.flatMap(({ programs }) => programs));
    const apt = await openApt({ folder: work, lists, notInstalled });
    const { packages, solved } = await solve(apt, groups, failures);
    if (solved.length === 0) return failures;
    progress(
      `Fetching ${solved.flatMap((group) => group.packages).join(', ')} (${counted(packages.length, 'package')})`,
    );
    try {
      const archives = await apt.download(packages);
      for (const group of solved) {
        const part = await apt.partFor(group.packages, packages);
        await buildRoot(group.root, archivesOf(part, archives), part);
      }
    } catch (error) {
      for (const group of solved) failures.set(group, aptMessage('cannot be downloaded', error));
    }
    return failures;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Asks for all groups at once, which is fast, and for each alone where that fails. */
async function solve(
  apt: Apt,
  groups: readonly Wanted[],
  failures: Map<Wanted, string>,
): Promise<{ packages: readonly Package[]; solved: readonly Wanted[] }> {
  try {
    return { packages: await apt.closure(groups.flatMap((group) => group.packages)), solved: groups };
  } catch (error) {
    if (groups.length > 1) return await solveOneByOne(apt, groups, failures);
    for (const group of groups) failures.set(group, aptMessage('cannot be had', error));
    return { packages: [], solved: [] };
  }
}

async function solveOneByOne(apt: Apt, groups: readonly Wanted[], failures: Map<Wanted, string>) {
  const packages = new Map<string, Package>();
  const solved: Wanted[] = [];
  for (const group of groups) {
    const alone = await solve(apt, [group], failures);
    for (const each of alone.packages) packages.set(each.name, each);
    solved.push(...alone.solved);
  }
  return { packages: [...packages.values()], solved };
}

function aptMessage(what: string, error: unknown): string {
  if (error instanceof AptError) return `its Debian packages ${what}: ${error.message}`;
  throw error;
}

/** Files are named `<package>_<version without epoch>_<architecture>.deb`. */
function archivesOf(packages: readonly Package[], archives: readonly string[]): readonly string[] {
  const names = new Set(packages.map(({ name }) => name.replace(/:.*/, '')));
  return archives.filter((archive) => names.has(path.basename(archive).split('_')[0] ?? ''));
}
