/** Unpacks downloaded packages into a folder that programs run from, and checks later whether the folder is whole. */
import { createHash } from 'node:crypto';
import { chmod, lstat, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { environmentFor } from '../environment.ts';
import { runOrThrow, runProgram } from '../run.ts';
import type { Package } from './apt.ts';
import { unfinished } from './cache.ts';
import { isExecutable } from './find.ts';

const manifestName = 'session-bench.json';

const manifestSchema = z.strictObject({
  packages: z.array(z.strictObject({ name: z.string(), version: z.string() })),
  /** Where shared libraries lie, relative to the root. */
  libraryFolders: z.array(z.string()),
  /** Path relative to the root -> size in bytes and time of the last change in milliseconds. */
  files: z.record(z.string(), z.tuple([z.number(), z.number()])),
});

/** The packages of one root, unpacked and found whole. */
export interface Root {
  readonly folder: string;
  readonly packages: readonly Package[];
  readonly env: Readonly<Record<string, string>>;
}

/** Name of the folder for packages and all that they need on one kind of system. */
export function rootName(system: string, debianPackages: readonly string[]): string {
  const key = createHash('sha256')
    .update(JSON.stringify([system, debianPackages]))
    .digest('hex')
    .slice(0, 10);
  return `${debianPackages[0] ?? 'none'}-${key}`;
}

/** The root in `folder`, or null when there is none or files of it are missing or were changed. */
export async function readRoot(folder: string): Promise<Root | null> {
  const text = await readFile(path.join(folder, manifestName), 'utf8').catch(() => null);
  if (text === null) return null;
  const manifest = manifestSchema.safeParse(parseJson(text));
  if (!manifest.success) return null;
  const { files, packages, libraryFolders } = manifest.data;
  const whole = await Promise.all(
    Object.entries(files).map(async ([file, [size, changed]]) => {
      const now = await lstat(path.join(folder, file)).catch(() => null);
      return now !== null && now.size === size && now.mtimeMs === changed;
    }),
  );
  return whole.every(Boolean) ? { folder, packages, env: libraryPath(folder, libraryFolders) } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Unpacks packages beside `folder` and moves the result there in one step, in place of what was there.
 * @throws Error when a package cannot be unpacked.
 */
export async function buildRoot(
  folder: string,
  archives: readonly string[],
  packages: readonly Package[],
): Promise<void> {
  const parent = path.dirname(folder);
  const building = await mkdtemp(path.join(parent, unfinished));
  try {
    await chmod(building, 0o755);
    for (const archive of archives) await unpack(archive, building);
    const files = await listFiles(building);
    const libraryFolders = foldersWithLibraries(files.map(({ name }) => name));
    const manifest: z.infer<typeof manifestSchema> = {
      packages: packages.map(({ name, version }) => ({ name, version })),
      libraryFolders,
      files: Object.fromEntries(files.map(({ name, size, changed }) => [name, [size, changed]])),
    };
    await writeFile(path.join(building, manifestName), JSON.stringify(manifest));
    await replaceFolder(folder, building);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** The umask decides who can read what is unpacked; root's may keep others out. */
const unpack = (archive: string, folder: string) =>
  runOrThrow('sh', ['-c', 'umask 022; exec dpkg-deb --extract "$1" "$2"', 'sh', archive, folder]);

async function replaceFolder(folder: string, replacement: string): Promise<void> {
  const old = await mkdtemp(path.join(path.dirname(folder), unfinished));
  await rename(folder, path.join(old, 'old')).catch(ignoreMissing);
  await rename(replacement, folder);
  await rm(old, { recursive: true, force: true });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

interface FoundFile {
  readonly name: string;
  readonly size: number;
  readonly changed: number;
}

async function listFiles(root: string): Promise<readonly FoundFile[]> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  return await Promise.all(
    entries
      .filter((entry) => !entry.isDirectory())
      .map(async (entry) => {
        const file = path.join(entry.parentPath, entry.name);
        const { size, mtimeMs } = await lstat(file);
        return { name: path.relative(root, file), size, changed: mtimeMs };
      }),
  );
}

/**
 * Folders that the loader must search. Plug-ins (PostgreSQL's modules, say) lie in folders of their own that
 * their program knows; libraries lie in `lib` or `lib/<architecture>`, or a folder directly below.
 */
function foldersWithLibraries(files: readonly string[]): string[] {
  const library = /^((?:usr\/)?lib(?:\/[^/]+-linux-gnu[^/]*)?(?:\/[^/]+)?)\/lib[^/]+\.so(?:\.[\d.]+)?$/;
  const folders = new Set(files.flatMap((file) => library.exec(file)?.[1] ?? []));
  return [...folders].sort((a, b) => a.length - b.length || a.localeCompare(b));
}

function libraryPath(root: string, folders: readonly string[]): Readonly<Record<string, string>> {
  if (folders.length === 0) return {};
  return { LD_LIBRARY_PATH: folders.map((folder) => path.join(root, folder)).join(':') };
}

/** Folders of a root that hold programs, those of the highest version first. */
export async function programFolders(root: string): Promise<readonly string[]> {
  const parent = path.join(root, 'usr/lib/postgresql');
  const versions = await readdir(parent).catch(() => []);
  const versioned = versions
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((version) => path.join(parent, version, 'bin'));
  return [...['usr/sbin', 'usr/bin', 'sbin', 'bin'].map((folder) => path.join(root, folder)), ...versioned];
}

/** Libraries that the loader cannot find for a program, with the names that it looks for. */
export async function missingLibraries(
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  if (!(await isExecutable(file)) || !(await isElf(file))) return [];
  const { stdout } = await runProgram('ldd', [file], { env: { ...environmentFor('program'), ...env } });
  return [...stdout.matchAll(/^\s*(\S+) => not found$/gm)].map(([, library = '']) => library);
}

async function isElf(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read({ buffer: Buffer.alloc(4), length: 4, position: 0 });
    return buffer.equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46]));
  } finally {
    await handle.close();
  }
}
