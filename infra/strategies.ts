/** Finds the strategies: every folder with a `topology.ts` and a `store.ts` is one, and no list names them. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { UserError } from '../record/user-error.ts';
import { identifier, topologySchema } from '../servers/contract/topology.ts';
import type { Strategy } from './runtimes/runtime.ts';

/** Our own strategies. */
export const strategiesFolder = path.resolve(import.meta.dirname, '../servers/strategies');
/** The app of this checkout. */
export const appMain = path.resolve(import.meta.dirname, '../servers/app/main.ts');

async function readStrategy(folder: string): Promise<Strategy> {
  const strategy = path.basename(folder);
  const file = path.join(folder, 'topology.ts');
  const problems: string[] = [];
  if (!identifier.safeParse(strategy).success)
    problems.push(`the folder's name "${strategy}" is no strategy name`);
  const module: { topology?: unknown } = await import(pathToFileURL(file).href);
  const parsed = topologySchema.safeParse(module.topology);
  if (!parsed.success) problems.push(...z.prettifyError(parsed.error).split('\n'));
  if (problems.length > 0 || !parsed.success) {
    throw new UserError(
      'invalid',
      `${file} must export a const "topology" (see docs/adding-a-strategy.md):\n  ${problems.join('\n  ')}`,
    );
  }
  return { name: strategy, folder, topology: parsed.data };
}

/**
 * All strategies of the given folders, by name.
 * @throws UserError when a folder holds a topology that is wrong, or two folders share a name.
 */
export async function discoverStrategies(
  folders: readonly string[] = [strategiesFolder],
): Promise<readonly Strategy[]> {
  const found = new Map<string, Strategy>();
  for (const folder of folders) {
    const entries = await readdir(folder, { withFileTypes: true, recursive: false });
    for (const entry of entries.filter((each) => each.isDirectory())) {
      const inside = await readdir(path.join(folder, entry.name));
      if (!inside.includes('topology.ts') || !inside.includes('store.ts')) continue;
      const strategy = await readStrategy(path.join(folder, entry.name));
      const other = found.get(strategy.name);
      if (other)
        throw new UserError(
          'invalid',
          `two folders are named "${strategy.name}": ${other.folder} and ${strategy.folder}; rename one`,
        );
      found.set(strategy.name, strategy);
    }
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}
