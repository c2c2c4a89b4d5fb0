/** A repository of its own with the files of this one, in which a test may commit what it likes. */
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { repository, startIn, temporaryFolder } from '../bench/command.ts';

export interface Throwaway {
  readonly folder: string;
  /** Commits everything as it is; gives the commit. */
  commit(message: string): Promise<string>;
  /** Runs a script of this repository, as its own user would. */
  start(
    command: string,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): ReturnType<typeof startIn>;
}

const identity = [
  '-c',
  'user.name=Test',
  '-c',
  'user.email=test@example.invalid',
  '-c',
  'commit.gpgsign=false',
];

/** The working tree's files, committed once. */
export async function throwawayRepository(context: {
  after(work: () => Promise<void>): void;
}): Promise<Throwaway> {
  const folder = path.join(await temporaryFolder(context), 'repository');
  await mkdir(folder);
  const { stdout } = await execa('git', ['-C', repository, 'ls-files', '-co', '--exclude-standard', '-z']);
  for (const file of stdout.split('\0').filter((each) => each !== '' && !each.startsWith('docs/')))
    await cp(path.join(repository, file), path.join(folder, file));
  await symlink(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
  const git = (...args: readonly string[]) => execa('git', ['-C', folder, ...identity, ...args]);
  await git('init', '--quiet', '--initial-branch', 'main');
  await writeFile(path.join(folder, '.git/info/exclude'), 'node_modules\n');
  const throwaway: Throwaway = {
    folder,
    async commit(message) {
      await git('add', '--all');
      await git('commit', '--quiet', '--message', message);
      return (await git('rev-parse', 'HEAD')).stdout;
    },
    start: (command, args, env) => startIn(folder, command, args, env),
  };
  await throwaway.commit('all that there is');
  return throwaway;
}
