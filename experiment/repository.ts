/** This checkout, as git and npm know it. */
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
export async function workingTree(): Promise<Pick<RunRecord['tool'], 'commit' | 'dirty'>> {
  const status = await git(repository, 'status', '--porcelain');
  return {
    commit: await git(repository, 'rev-parse', 'HEAD'),
    dirty: status === null ? null : status !== '',
  };
}

export async function toolVersion(): Promise<RunRecord['tool']> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(path.join(repository, 'package.json'), 'utf8')));
  return { version, ...(await workingTree()) };
}
