/** Initialised data folders are kept, so that a database is created in the time that copying it takes. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder, makeFolder } from '../../machine/programs/cache.ts';
import { runOrThrow } from '../../machine/run.ts';
import type { UserIds } from '../../machine/unprivileged.ts';
import type { InitStep } from '../../services/definition.ts';

export interface TemplateRecipe {
  readonly steps: readonly InitStep[];
  /** Paths of the programs that the steps run. */
  readonly programs: readonly string[];
  /** The node's own folder, whose name says nothing about the outcome. */
  readonly folder: string;
  readonly user: UserIds | null;
}

/** The same for the same programs (by path, size and time of change), steps and user. */
function keyOf({ steps, programs, folder, user }: TemplateRecipe): string {
  const stamps = programs.map((program) => {
    const { size, mtimeMs } = statSync(program);
    return [program, size, mtimeMs];
  });
  const text = JSON.stringify([steps, stamps, user ?? process.getuid?.()]).replaceAll(folder, '<folder>');
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

/** Copies the template into the empty data folder, after having made it by `step` when there is none yet. */
export async function fillDataFolder(
  data: string,
  recipe: TemplateRecipe,
  step: (each: InitStep) => Promise<void>,
): Promise<void> {
  const template = path.join(cacheFolder(), 'templates', keyOf(recipe));
  if (existsSync(template)) {
    await runOrThrow('cp', ['-a', `${template}/.`, data]);
    return;
  }
  for (const each of recipe.steps) await step(each);
  await keep(data, template);
}

/** A cache that cannot be written costs time and nothing else. */
async function keep(data: string, template: string): Promise<void> {
  const unfinished = `${template}.${randomBytes(4).toString('hex')}`;
  try {
    await makeFolder(path.dirname(template));
    await runOrThrow('cp', ['-a', data, unfinished]);
    await rename(unfinished, template);
  } catch {
    await rm(unfinished, { recursive: true, force: true }).catch(() => {});
  }
}
