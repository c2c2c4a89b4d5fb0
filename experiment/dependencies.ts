/** Whether the installed packages are those that a lock file says. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

export const lockFile = 'package-lock.json';
/** What npm writes of the packages that it installed, beside them. */
export const installedFile = 'node_modules/.package-lock.json';

const lockedPackage = z.object({
  /** Given where it is not that of the folder. */
  name: z.string().optional(),
  version: z.string().optional(),
  integrity: z.string().optional(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  peer: z.boolean().optional(),
  link: z.boolean().optional(),
});
type LockedPackage = z.infer<typeof lockedPackage>;

const dependencies = z.record(z.string(), z.string()).default({});
/** By the package's folder; the empty name is the project itself, as package.json had it. */
const lock = z.object({ packages: z.record(z.string(), lockedPackage.extend({ dependencies })) });
const manifest = z.object({ name: z.string().optional(), version: z.string().optional(), dependencies });

export interface WrongPackage {
  readonly name: string;
  readonly locked: string;
  /** Null where it is not installed. */
  readonly installed: string | null;
}

export type LockCheck =
  | { readonly status: 'as-locked' }
  | { readonly status: 'differ'; readonly wrong: readonly WrongPackage[] }
  /** package.json asks for other packages than the lock file was made for, or the file is none that npm writes today. */
  | { readonly status: 'unusable'; readonly why: string }
  | { readonly status: 'no-lock-file' };

const textOf = (file: string): Promise<string | null> => readFile(file, 'utf8').catch(() => null);

function parsed<Shape extends z.ZodType>(shape: Shape, text: string | null): z.output<Shape> | null {
  try {
    return shape.parse(JSON.parse(text ?? ''));
  } catch {
    return null;
  }
}

/**
 * Looks at what is not for development alone.
 * @param project folder with the lock file and package.json
 * @param installation folder with the node_modules that would be used
 */
export async function checkDependencies(project: string, installation: string = project): Promise<LockCheck> {
  const text = await textOf(path.join(project, lockFile));
  if (text === null) return { status: 'no-lock-file' };
  const locked = parsed(lock, text);
  if (!locked) return { status: 'unusable', why: `${lockFile} is none that npm writes today` };
  const asked = parsed(manifest, await textOf(path.join(project, 'package.json')));
  if (asked && !isDeepStrictEqual(asked.dependencies, locked.packages['']?.dependencies ?? {}))
    return { status: 'unusable', why: `package.json asks for other packages than ${lockFile} was made for` };
  const wrong = await wrongPackages(locked.packages, installation);
  return wrong.length === 0 ? { status: 'as-locked' } : { status: 'differ', wrong };
}

/** What a lock file says of each package that is not for development alone; empty where there is none to read. */
export async function lockedPackages(project: string): Promise<readonly string[]> {
  const locked = parsed(lock, await textOf(path.join(project, lockFile)));
  return Object.entries(locked?.packages ?? {})
    .filter(([folder, { dev }]) => folder !== '' && !dev)
    .map(([folder, { name, version, integrity }]) => [folder, name, version, integrity].join(' '))
    .sort();
}

async function wrongPackages(
  locked: Readonly<Record<string, LockedPackage>>,
  installation: string,
): Promise<readonly WrongPackage[]> {
  const installed = parsed(lock, await textOf(path.join(installation, installedFile)))?.packages ?? {};
  const asked = Object.entries(locked).filter(
    ([folder, { dev, link }]) => folder.startsWith('node_modules/') && !dev && !link,
  );
  const found = await Promise.all(
    asked.map(([folder, entry]) => wrongPackage(folder, entry, installed[folder], installation)),
  );
  return found.filter((each) => each !== null);
}

async function wrongPackage(
  folder: string,
  entry: LockedPackage,
  installed: LockedPackage | undefined,
  installation: string,
): Promise<WrongPackage | null> {
  const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const locked = entry.version ?? 'another package';
  const there = parsed(manifest, await textOf(path.join(installation, folder, 'package.json')));
  // Those may be left out, for another system or by a person's choice.
  const mayBeMissing = entry.optional || entry.devOptional || entry.peer;
  if (!there) return mayBeMissing ? null : { name, locked, installed: null };
  if (there.version !== entry.version || there.name !== (entry.name ?? name))
    return { name, locked, installed: `${there.name === name ? '' : `${there.name} `}${there.version}` };
  // What npm noted is of this very package only where it has its version: "--package-lock-only" notes what is not there.
  const sums = [entry.integrity, installed?.version === there.version ? installed?.integrity : undefined];
  if (sums.every((sum) => sum !== undefined) && sums[0] !== sums[1])
    return { name, locked, installed: `${there.version} of another origin` };
  return null;
}

/** `ioredis 6.0.0 instead of 5.11.1, and 2 more`. */
export function wrongInWords(wrong: readonly WrongPackage[]): string {
  const shown = wrong
    .slice(0, 3)
    .map(({ name, locked, installed }) =>
      installed === null ? `${name} ${locked} is missing` : `${name} ${installed} instead of ${locked}`,
    );
  const more = wrong.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}
