/** Provides the programs that services need: the machine's, or else unpacked packages in the cache, without root. */
import path from 'node:path';
import { messageOf } from '../errors.ts';
import type { Lack } from '../lack.ts';
import { hasApt, systemHasLists } from './apt.ts';
import { cacheFolder, changeFolder, removeUnfinished } from './cache.ts';
import { fetchPackages } from './fetch.ts';
import { findProgram, systemFolders } from './find.ts';
import { type Executable, lackOf, type ProgramNeed } from './program.ts';
import { osRelease, type System, system } from './system.ts';
import { notedUnknown, noteUnknown, saysUnknown } from './unknown-packages.ts';
import { missingLibraries, programFolders, readRoot, rootName } from './unpack.ts';

export { cacheFolder } from './cache.ts';

export type Provision =
  | { readonly status: 'ready'; readonly executable: Executable }
  | { readonly status: 'lacking'; readonly lack: Lack };

export interface ProvisionOptions {
  /** Gets a line for each step. */
  progress(line: string): void;
  /** Where programs are looked for; PATH and the usual folders of servers unless given. */
  readonly folders?: readonly string[];
  /** Unless given, `cacheFolder()`. */
  readonly cache?: string;
}

/** Needs that come from the same packages: all from the machine or all from the cache, so that versions match. */
interface Group {
  readonly packages: readonly string[];
  readonly needs: readonly ProgramNeed[];
}

/**
 * Finds programs, and fetches those that are missing in one download.
 * @returns an answer for each need, by its name; needs of the same name must be equal
 */
export async function provisionPrograms(
  needs: readonly ProgramNeed[],
  options: ProvisionOptions,
): Promise<ReadonlyMap<string, Provision>> {
  const found = await findPrograms(needs, options);
  const missing = found.missing.flatMap((group) => group.needs);
  if (missing.length === 0) return found.ready;
  const cache = options.cache ?? cacheFolder();
  const failures = await fetchMissing(found.missing, cache, options).catch(
    (error: unknown) => `it is not on PATH and cannot be put into the cache ${cache}: ${messageOf(error)}`,
  );
  const fetched = await findPrograms(missing, options);
  const on = await system();
  const lacking = fetched.missing.flatMap((group) =>
    group.needs.map((need): [string, Provision] => {
      const why = typeof failures === 'string' ? failures : failures.get(keyOf(group));
      return [need.name, { status: 'lacking', lack: lackOf(need, on, why ?? 'its packages do not hold it') }];
    }),
  );
  return new Map([...found.ready, ...fetched.ready, ...lacking]);
}

/** Programs that the machine or the cache has. Fetches nothing and writes nothing. */
export async function findPrograms(
  needs: readonly ProgramNeed[],
  options: Pick<ProvisionOptions, 'folders' | 'cache'>,
): Promise<{ readonly ready: ReadonlyMap<string, Provision>; readonly missing: readonly Group[] }> {
  const rootOf = await rootFolders(options.cache ?? cacheFolder());
  const folders = options.folders ?? (await systemFolders());
  const ready = new Map<string, Provision>();
  const missing: Group[] = [];
  for (const group of groupByPackages(distinct(needs))) {
    const executables = (await onSystem(group, folders)) ?? (await inCache(group, rootOf(group)));
    if (!executables) missing.push(group);
    group.needs.forEach((need, index) => {
      const executable = executables?.[index];
      if (executable) ready.set(need.name, { status: 'ready', executable });
    });
  }
  return { ready, missing };
}

function distinct(needs: readonly ProgramNeed[]): readonly ProgramNeed[] {
  const byName = new Map<string, ProgramNeed>();
  for (const need of needs) {
    const other = byName.get(need.name);
    if (other && JSON.stringify(other) !== JSON.stringify(need))
      throw new Error(`two different programs are needed under the name "${need.name}"; rename one`);
    byName.set(need.name, other ?? need);
  }
  return [...byName.values()];
}

function groupByPackages(needs: readonly ProgramNeed[]): readonly Group[] {
  const groups = Map.groupBy(needs, (need) => need.debianPackages.toSorted().join(' '));
  return [...groups].map(([packages, members]) => ({
    packages: packages.split(' ').filter((name) => name !== ''),
    needs: members,
  }));
}

const keyOf = (group: Group) => group.packages.join(' ');

async function findAll(group: Group, folders: readonly string[]): Promise<readonly string[] | null> {
  const found = await Promise.all(group.needs.map((need) => findProgram(need.candidates, folders)));
  const files = found.filter((file) => file !== null);
  return files.length === found.length ? files : null;
}

async function onSystem(group: Group, folders: readonly string[]): Promise<readonly Executable[] | null> {
  const files = await findAll(group, folders);
  return files?.map((file) => ({ path: file, env: {}, origin: 'system', root: null, version: null })) ?? null;
}

/** One root for each release of a system: programs may not run with the libraries of another release. */
async function rootFolders(cache: string): Promise<(group: Group) => string> {
  const release = await osRelease();
  const version = release.VERSION_ID ?? release.VERSION_CODENAME ?? '';
  const key = `${release.ID ?? ''}-${version}-${process.arch}`;
  return (group) => path.join(cache, 'programs', rootName(key, group.packages));
}

async function inCache(group: Group, folder: string): Promise<readonly Executable[] | null> {
  const root = await readRoot(folder);
  if (!root) return null;
  const files = await findAll(group, await programFolders(folder));
  if (!files) return null;
  const missing = await Promise.all(files.map((file) => missingLibraries(file, root.env)));
  if (missing.flat().length > 0) return null;
  return files.map((file) => ({ path: file, env: root.env, origin: 'cache', root: folder, version: null }));
}

/** Fetches groups of programs; gives the reason, by a group's packages, for each that cannot be fetched. */
async function fetchMissing(
  groups: readonly Group[],
  cache: string,
  options: ProvisionOptions,
): Promise<ReadonlyMap<string, string>> {
  const on = await system();
  if (!(await hasApt())) return new Map(groups.map((group) => [keyOf(group), whyNotFetched(on)]));
  const unknown = groups.filter((group) => group.packages.length === 0);
  const failures = new Map(
    unknown.map((group) => [keyOf(group), 'it is not on PATH and in no known package']),
  );

  const programs = path.join(cache, 'programs');
  const waiting = () => options.progress('Waiting for another session-bench that is fetching programs');
  await changeFolder(programs, waiting, async () => {
    await removeUnfinished(programs);
    const needs = groups.filter((group) => group.packages.length > 0).flatMap((group) => group.needs);
    const { missing } = await findPrograms(needs, options);
    const rootOf = await rootFolders(cache);
    const wanted = missing.map((group) => ({
      packages: group.packages,
      programs: group.needs.flatMap((need) => need.candidates),
      root: rootOf(group),
    }));
    const noted = await Promise.all(wanted.map(({ root }) => notedUnknown(root)));
    const untried = wanted.filter((_, index) => noted[index] === null);
    const failed = await fetchPackages(untried, programs, options.progress);
    wanted.forEach((each, index) => {
      const why = noted[index] ?? failed.get(each);
      if (why) failures.set(each.packages.join(' '), `it is not on PATH, and ${why}`);
    });
    // Without lists of packages every package is unknown, and that says nothing.
    if (await systemHasLists())
      for (const [{ root }, why] of failed) if (saysUnknown(why)) await noteUnknown(root, why);
  });
  return failures;
}

function whyNotFetched(on: System): string {
  return on === 'debian'
    ? 'it is not on PATH, and apt-get or dpkg-deb is missing to fetch it'
    : 'it is not on PATH, and it is fetched only on Debian and systems made from it';
}
