/** The files of a commit in a folder of their own, with the dependencies that they ask for. */
import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { environmentFor } from '../../infra/machine/environment.ts';
import { messageOf } from '../../infra/machine/errors.ts';
import { runOrThrow } from '../../infra/machine/run.ts';
import { RunFolder } from '../../infra/machine/run-folder.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { UserError } from '../../record/user-error.ts';
import { repository as thisRepository } from '../repository.ts';
import type { Reference } from './reference.ts';

export interface Checkout {
  readonly appMain: string;
  readonly strategies: readonly Strategy[];
  /** `shared`: those of the working tree, since package-lock.json is the same. */
  readonly dependencies: 'shared' | 'installed';
  remove(): Promise<void>;
}

/**
 * Unpacks the commit into a temporary folder; git is not told of it, so that nothing is left in the repository however
 * this ends. The folder is registered: it goes when this process ends, or with the next run after `kill -9`.
 * @param repository folder that has the commit and the dependencies
 * @throws UserError when the ref cannot be made ready
 */
export async function checkOut(
  reference: Reference,
  progress: (line: string) => void,
  signal: AbortSignal,
  repository: string = thisRepository,
): Promise<Checkout> {
  const temporary = temporaryFolder();
  const folder = path.join(temporary.folder, 'ref');
  try {
    await unpack(reference, repository, folder, signal);
    const dependencies = await giveDependencies(reference, repository, folder, progress, signal);
    return {
      appMain: path.join(folder, 'servers/app/main.ts'),
      strategies: await strategiesOf(reference, folder),
      dependencies,
      remove: () => temporary.remove(),
    };
  } catch (error) {
    await temporary.remove();
    throw error;
  }
}

function temporaryFolder(): RunFolder {
  try {
    return new RunFolder();
  } catch (error) {
    throw new UserError(
      'invalid',
      `There is no place to unpack a ref: ${messageOf(error)}. Two refs can be compared on Linux only; elsewhere compare stored runs.`,
      { cause: error },
    );
  }
}

async function unpack(
  reference: Reference,
  repository: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(folder);
  const archive = path.join(folder, '..', 'ref.tar');
  try {
    const args = ['-C', repository, 'archive', '--format=tar', '-o', archive, reference.commit];
    await runOrThrow('git', args, { env: environmentFor('git'), signal });
    await runOrThrow('tar', ['-xf', archive, '-C', folder], { signal });
  } catch (error) {
    throw new UserError(
      'invalid',
      `"${reference.label}" could not be unpacked: ${messageOf(error)}. Make room under the temporary folder, or fetch what git lacks, then try again.`,
      { cause: error },
    );
  }
  await rm(archive);
}

const lockfile = 'package-lock.json';

async function giveDependencies(
  reference: Reference,
  repository: string,
  folder: string,
  progress: (line: string) => void,
  signal: AbortSignal,
): Promise<Checkout['dependencies']> {
  const text = (file: string): Promise<string | null> => readFile(file, 'utf8').catch(() => null);
  const theirs = await text(path.join(folder, lockfile));
  if (theirs === null || theirs === (await text(path.join(repository, lockfile)))) {
    await symlink(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
    return 'shared';
  }
  progress(`Installing the dependencies of "${reference.label}", whose ${lockfile} is another one`);
  try {
    // The app needs no program that an install script would build or fetch, and both sides run on this very Node.js.
    await runOrThrow('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      signal,
      // Else npm leaves compiled code in the temporary folder.
      env: { ...environmentFor('npm'), NODE_DISABLE_COMPILE_CACHE: '1' },
    });
    return 'installed';
  } catch (error) {
    throw new UserError(
      'invalid',
      `The dependencies of "${reference.label}" could not be installed (npm ci): ${messageOf(error)}. Check that this commit installs by itself, then try again.`,
      { cause: error },
    );
  }
}

async function strategiesOf(reference: Reference, folder: string): Promise<readonly Strategy[]> {
  try {
    return await discoverStrategies([path.join(folder, 'servers/strategies')]);
  } catch (error) {
    throw new UserError(
      'invalid',
      `The strategies of "${reference.label}" cannot be read by this version: ${messageOf(error)}. Name a newer commit.`,
      { cause: error },
    );
  }
}
