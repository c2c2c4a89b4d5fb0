/**
 * Finds the kinds of servers that a topology may name: every folder here whose `index.ts` has a kind as its default
 * export is one, and no list names them. SESSION_BENCH_SERVICES names further folders of such folders, separated like
 * PATH. All are read once, when this module is loaded.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { messageOf } from '../machine/errors.ts';
import { namedFolders } from '../named-folders.ts';
import type { ServiceKind } from './definition.ts';

const madeByDefineService = z.object({ kind: z.string(), tier: z.string(), configure: z.function() });
const isKind = (value: unknown): value is ServiceKind => madeByDefineService.safeParse(value).success;

/** Null for folders of something else: the app, the balancer and k6 belong to every strategy and are in no topology. */
async function readKind(folder: string): Promise<ServiceKind | Error | null> {
  const file = path.join(folder, 'index.ts');
  if (!existsSync(file)) return null;
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(file).href);
    const { default: kind } = module;
    if (kind === undefined) return null;
    if (!isKind(kind) || kind.tier !== 'store')
      return new Error(`the default export of ${file} must come from defineService, with the tier "store"`);
    if (kind.kind !== path.basename(folder))
      return new Error(`${file} describes the kind "${kind.kind}", and its folder must have that name`);
    return kind;
  } catch (cause) {
    return new Error(`${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

async function discoverKinds(parents: readonly string[]): Promise<ReadonlyMap<string, ServiceKind | Error>> {
  const found = new Map<string, ServiceKind | Error>();
  for (const parent of parents) {
    const entries = await readdir(parent, { withFileTypes: true });
    for (const { name } of entries.filter((entry) => entry.isDirectory())) {
      const folder = path.join(parent, name);
      const kind = await readKind(folder);
      if (!kind) continue;
      found.set(name, found.has(name) ? new Error(`two kinds are named "${name}"; rename ${folder}`) : kind);
    }
  }
  return found;
}

const folders = [import.meta.dirname, ...namedFolders('SESSION_BENCH_SERVICES')];
const kinds = await discoverKinds(folders.filter((folder) => existsSync(folder)));

/** @throws Error that says what is wrong with this kind, or names those that exist */
export function serviceKind(name: string): ServiceKind {
  const kind = kinds.get(name);
  if (kind instanceof Error) throw kind;
  if (kind) return kind;
  const places = folders.map((folder) => (existsSync(folder) ? folder : `${folder}, which does not exist`));
  throw new Error(
    `no service kind is named "${name}"; there are ${[...kinds.keys()].sort().join(', ')} (in ${places.join('; ')})`,
  );
}
