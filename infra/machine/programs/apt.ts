/**
 * The package index of Debian and of systems made from it, used without root and without changes to the system: apt gets
 * a configuration and a cache of our own, and lists of our own where the system's are missing or too old.
 */
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { environmentFor } from '../environment.ts';
import { runProgram } from '../run.ts';
import { findProgram, systemFolders } from './find.ts';

/** A package at the version that the index offers. */
export interface Package {
  readonly name: string;
  readonly version: string;
}

/** The package index cannot give what was asked for; the message is apt's own. */
export class AptError extends Error {
  override readonly name = 'AptError';
}

/**
 * Left out of every closure. With another C library than the dynamic loader's, no program starts. Perl and the others
 * are there for installation scripts, which are not run, and are ten times as large as a server.
 */
const neverUnpacked = /^(libc6|libc-bin|libc-l10n|locales|perl|perl-modules-.*|libperl.*|adduser|debconf)$/;

/** Whether this machine has what `openApt` needs. */
export async function hasApt(): Promise<boolean> {
  const folders = await systemFolders();
  const tools = await Promise.all(
    ['apt-get', 'apt-config', 'dpkg-deb'].map((tool) => findProgram([tool], folders)),
  );
  return tools.every((tool) => tool !== null);
}

export interface Apt {
  /**
   * The packages that `names` need beside what is installed, themselves included.
   * @throws AptError when the index does not have them
   */
  closure(names: readonly string[]): Promise<readonly Package[]>;
  /** Those of the packages that `names` depend on, themselves included. */
  partFor(names: readonly string[], packages: readonly Package[]): Promise<readonly Package[]>;
  /**
   * Downloads packages, checked against the signed index, and gives the paths of the files.
   * @throws AptError when one of them cannot be downloaded
   */
  download(packages: readonly Package[]): Promise<readonly string[]>;
}

/** Which lists of packages apt reads: the system's, at once, or new ones of our own, which are fetched first. */
export type Lists = 'system' | 'own';

/** Whether the system has lists of packages. Images of containers often come without. */
export async function systemHasLists(): Promise<boolean> {
  const names = await readdir('/var/lib/apt/lists').catch(() => []);
  return names.some((name) => /_Packages(\.\w+)?$/.test(name));
}

/** True when the system has lists of packages, and one of these is in none of them. */
export async function systemLacks(packages: readonly string[]): Promise<boolean> {
  if (!(await systemHasLists())) return false;
  const { exitCode } = await runProgram('apt-cache', ['show', '--no-all-versions', ...packages]);
  return exitCode !== 0;
}

/**
 * @param folder an empty folder for configuration, cache, lists and downloads
 * @param notInstalled packages to treat as not installed though they are
 */
export async function openApt(options: {
  folder: string;
  lists: Lists;
  notInstalled: ReadonlySet<string>;
}): Promise<Apt> {
  const { folder, lists, notInstalled } = options;
  const configuration = await writeConfiguration(folder, lists, notInstalled);
  // Beside apt's own settings, those of the environment (proxies) say how the package index is reached.
  const env = {
    ...environmentFor('packages'),
    APT_CONFIG: configuration,
    LC_ALL: 'C',
    DEBIAN_FRONTEND: 'noninteractive',
  };
  const run = (program: string, args: readonly string[], cwd = folder) =>
    runProgram(program, args, { env, cwd });

  // One index may be out of reach while the others suffice; the closure shows whether they do.
  if (lists === 'own') await run('apt-get', ['-q', 'update']);

  return {
    async closure(names) {
      const { exitCode, stdout, all } = await run('apt-get', ['--simulate', '--yes', 'install', ...names]);
      if (exitCode !== 0) throw new AptError(errorLines(all));
      return parseSimulation(stdout);
    },
    async partFor(names, packages) {
      const { stdout } = await run('apt-cache', ['depends', '--recurse', '--important', ...names]);
      const needed = new Set(stdout.split('\n').map((line) => line.replace(/^.*: |^\s+/, '')));
      return packages.filter(({ name }) => needed.has(name));
    },
    async download(packages) {
      const into = path.join(folder, 'downloads');
      await mkdir(into, { recursive: true });
      const wanted = packages.map(({ name, version }) => `${name}=${version}`);
      const { exitCode, all } = await run('apt-get', ['-q', 'download', ...wanted], into);
      if (exitCode !== 0) throw new AptError(errorLines(all));
      const files = await readdir(into);
      return files.filter((file) => file.endsWith('.deb')).map((file) => path.join(into, file));
    },
  };
}

/** Lines such as `Inst redis-server [old version] (5:7.0.15-1 Debian:12/stable [amd64])`. */
export function parseSimulation(output: string): readonly Package[] {
  const lines = output.matchAll(/^Inst (\S+)(?: \[[^\]]*\])? \((\S+) /gm);
  return [...lines]
    .map(([, name = '', version = '']) => ({ name, version }))
    .filter(({ name }) => !neverUnpacked.test(name.replace(/:.*/, '')));
}

function errorLines(output: string): string {
  const errors = output.split('\n').filter((line) => line.startsWith('E: '));
  return errors.length > 0 ? errors.map((line) => line.slice(3)).join('; ') : output.trim().slice(-500);
}

async function writeConfiguration(
  folder: string,
  lists: Lists,
  notInstalled: ReadonlySet<string>,
): Promise<string> {
  const own = path.join(folder, 'lists');
  await mkdir(path.join(own, 'partial'), { recursive: true });
  const status = path.join(folder, 'status');
  await writeStatus(status, notInstalled);
  const settings = {
    // The system's hooks would run after each update. Of its settings, only those of fetching are taken over.
    'Dir::Etc::parts': path.join(folder, 'no-parts'),
    'Dir::Etc::main': '/dev/null',
    'Dir::Cache': folder,
    'Dir::Cache::archives': folder,
    'Dir::Cache::pkgcache': 'pkgcache.bin',
    'Dir::Cache::srcpkgcache': 'srcpkgcache.bin',
    'Dir::State::status': status,
    'Dir::State::extended_states': path.join(folder, 'extended_states'),
    ...(lists === 'own' ? { 'Dir::State::lists': own } : {}),
    'Debug::NoLocking': '1',
    'APT::Sandbox::User': '',
    'APT::Install-Recommends': '0',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '2',
    'Acquire::http::Timeout': '20',
    'Acquire::https::Timeout': '20',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'Acquire::IndexTargets::deb::CNF::DefaultEnabled': 'false',
  };
  await mkdir(path.join(folder, 'no-parts'), { recursive: true });
  const lines = Object.entries(settings).map(([key, value]) => `${key} "${value}";`);
  const file = path.join(folder, 'apt.conf');
  await writeFile(file, [...(await systemAcquireSettings()), ...lines, ''].join('\n'));
  return file;
}

/** The settings by which this machine reaches its package index, such as proxies and certificates. */
async function systemAcquireSettings(): Promise<readonly string[]> {
  const { stdout } = await runProgram('apt-config', ['dump'], { env: environmentFor('packages') });
  return stdout
    .split('\n')
    .filter((line) => /^(Acquire|APT::Architectures?)::?/.test(line))
    .filter((line) => !/^Acquire::(IndexTargets|Languages|CompressionTypes|Changelogs)/.test(line));
}

/**
 * A copy of the list of installed packages, without those to be treated as not installed and without all that depend on
 * them: apt refuses to work on a system whose dependencies are broken.
 */
async function writeStatus(file: string, notInstalled: ReadonlySet<string>): Promise<void> {
  const system = '/var/lib/dpkg/status';
  if (notInstalled.size === 0) return await copyFile(system, file);
  const removed = new Set(notInstalled);
  const installed = (await readFile(system, 'utf8')).split(/\n\n+/).map(readStanza);
  for (let before = -1; before !== removed.size; ) {
    before = removed.size;
    for (const { name, provides, needs } of installed) {
      if (!removed.has(name) && !needs.some((each) => removed.has(each))) continue;
      for (const each of [name, ...provides]) removed.add(each);
    }
  }
  const kept = installed.filter(({ name }) => !removed.has(name));
  await writeFile(file, `${kept.map(({ text }) => text).join('\n\n')}\n`);
}

function readStanza(text: string) {
  const names = (field: RegExp) =>
    [...text.matchAll(field)]
      .flatMap(([, list = '']) => list.split(/[,|]/))
      .map((each) => each.trim().replace(/[ :(].*/, ''));
  const [name = ''] = names(/^Package: (.*)$/gm);
  return { text, name, provides: names(/^Provides: (.*)$/gm), needs: names(/^(?:Pre-)?Depends: (.*)$/gm) };
}

/**
 * Installed packages that hold a program of one of these names. They are fetched again when the installed program cannot
 * be used, for example because AppArmor confines it.
 */
export async function ownersOf(fileNames: readonly string[]): Promise<ReadonlySet<string>> {
  const { stdout } = await runProgram('dpkg-query', ['--search', ...fileNames.map((name) => `*/${name}`)]);
  const inFolderOfPrograms = /\/s?bin\/[^/]+$/;
  const lines = stdout.split('\n').filter((line) => inFolderOfPrograms.test(line));
  return new Set(
    lines.flatMap((line) => line.split(': ')[0]?.split(', ') ?? []).map((name) => name.replace(/:.*/, '')),
  );
}
