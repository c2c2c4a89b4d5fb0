/** This checkout, as git and npm know it. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { environmentFor } from '../infra/machine/environment.ts';
import { runProgram } from '../infra/machine/run.ts';
import type { RunRecord } from '../record/run.ts';

export const repository = path.resolve(import.meta.dirname, '..');

/** What git prints of a repository; null when it ends with an error. */
export async function git(folder: string, ...args: readonly string[]): Promise<string | null> {
  const { exitCode, stdout } = await runProgram('git', ['-C', folder, ...args], {
    env: environmentFor('git'),
  });
  return exitCode === 0 ? stdout : null;
}

/** Where the working tree stands; nulls where git cannot tell. */
export async function workingTree(
  folder: string = repository,
): Promise<Pick<RunRecord['tool'], 'commit' | 'dirty'>> {
  return { commit: await git(folder, 'rev-parse', 'HEAD'), dirty: await isDirty(folder) };
}

/** New files count, whatever a person has configured; null where git was told not to look at a file that is there. */
async function isDirty(folder: string): Promise<boolean | null> {
  const status = await git(folder, 'status', '--porcelain', '--untracked-files=normal');
  if (status === null || status !== '') return status === null ? null : true;
  return (await hasUnseen(folder)) ? null : false;
}

/** Whether files are marked as unchanged (a small letter) or as not to be there (S) and are there. */
async function hasUnseen(folder: string): Promise<boolean> {
  const entries = ((await git(folder, 'ls-files', '-v', '-z')) ?? '').split('\0');
  const marked = entries.filter((entry) => /^[a-zS] /.test(entry)).map((entry) => entry.slice(2));
  return marked.some((file) => existsSync(path.join(folder, file)));
}

export async function toolVersion(): Promise<RunRecord['tool']> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(path.join(repository, 'package.json'), 'utf8')));
  return { version, ...(await workingTree()) };
}
