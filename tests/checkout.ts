/** Copies of this checkout, in which a test may change and commit what it likes. */
import { cp, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeEnding, runProgram } from '../infra/machine/run.ts';
import { type Context, repository, temporaryFolder } from './command.ts';

const notCopied = new Set(['.git', 'docs', 'node_modules', 'results']);

/** The working tree's files and the dependencies of this checkout. */
export async function copiedCheckout(context: Context): Promise<string> {
  const folder = path.join(await temporaryFolder(context), 'repository');
  const filter = (source: string) => !notCopied.has(path.relative(repository, source));
  await cp(repository, folder, { recursive: true, filter });
  await symlink(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

export interface Throwaway {
  readonly folder: string;
  /** Runs git in it. @returns what git printed */
  git(...args: readonly string[]): Promise<string>;
  /** Commits everything as it is. @returns the commit */
  commit(message: string): Promise<string>;
}

/** A copy that is a repository of its own, with all that there is in one commit on `main`. */
export async function throwawayRepository(context: Context): Promise<Throwaway> {
  const folder = await copiedCheckout(context);
  const settings = { 'user.name': 'Test', 'user.email': 'test@example.invalid', 'commit.gpgsign': 'false' };
  const configured = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const git = async (...args: readonly string[]) => {
    const outcome = await runProgram('git', ['-C', folder, ...configured, ...args]);
    if (outcome.exitCode !== 0) throw new Error(`${describeEnding(outcome)}: ${outcome.all}`);
    return outcome.stdout;
  };
  const commit = async (message: string) => {
    await git('add', '--all');
    await git('commit', '--quiet', '--message', message);
    return await git('rev-parse', 'HEAD');
  };
  await git('init', '--quiet', '--initial-branch', 'main');
  await writeFile(path.join(folder, '.git/info/exclude'), 'node_modules\n');
  await commit('all that there is');
  return { folder, git, commit };
}
