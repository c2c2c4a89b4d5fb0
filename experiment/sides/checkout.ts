/** The code of one side in a folder of its own, with the dependencies that it asks for: nothing changes it any more. */
import { mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { environmentFor } from '../../infra/machine/environment.ts';
import { messageOf } from '../../infra/machine/errors.ts';
import { describeEnding, type ProgramOutcome, runOrThrow, runProgram } from '../../infra/machine/run.ts';
import { RunFolder } from '../../infra/machine/run-folder.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { withVariants } from '../../infra/variants.ts';
import type { SideCode } from '../../record/design.ts';
import { UserError } from '../../record/user-error.ts';
import { checkDependencies, type LockCheck, lockFile, wrongInWords } from '../dependencies.ts';
import { repository as thisRepository } from '../repository.ts';
import { digestOfSide } from './digest.ts';
import type { Reference } from './reference.ts';
import { type Archivable, treeOfWorkingTree } from './working-tree.ts';

export interface Checkout {
  /** Absolute path. */
  readonly folder: string;
  readonly appMain: string;
  readonly strategies: readonly Strategy[];
  readonly code: SideCode;
  /** `shared`: those of the repository, since they are what the side's lock file says. */
  readonly dependencies: 'shared' | 'installed';
  remove(): Promise<void>;
}

/** What is unpacked, and what a person can do where it does not work. */
interface Source {
  readonly label: string;
  /** @param scratch folder for what has to be written before */
  archivable(scratch: string): Promise<Archivable>;
  readonly remedies: {
    readonly unpack: string;
    readonly install: string;
    readonly strategies: string;
  };
}

export const WORKING_TREE = 'the working tree';

interface Surroundings {
  /** Folder that has the code and the dependencies. */
  readonly repository?: string;
  readonly signal: AbortSignal;
  progress(line: string): void;
}

/**
 * Unpacks the commit into a temporary folder; git is not told of it, so that nothing is left in the repository however
 * this ends. The folder is registered: it goes when this process ends, or with the next run after `kill -9`.
 * @throws UserError when the ref cannot be made ready
 */
export const checkOut = (reference: Reference, surroundings: Surroundings): Promise<Checkout> =>
  checkedOut(
    {
      label: `"${reference.label}"`,
      archivable: async () => ({
        code: { commit: reference.commit, dirty: false },
        treeish: reference.commit,
        folder: surroundings.repository ?? thisRepository,
        environment: {},
      }),
      remedies: {
        unpack: 'Make room under the temporary folder, or fetch what git lacks, then try again.',
        install: 'Check that this commit installs by itself, then try again.',
        strategies: 'Name a newer commit.',
      },
    },
    reference.label,
    surroundings,
  );

/**
 * Copies the working tree as it is now, so that what happens to it later changes nothing that is judged.
 * @throws UserError when it cannot be made ready
 */
export const checkOutWorkingTree = (surroundings: Surroundings): Promise<Checkout> =>
  checkedOut(
    {
      label: WORKING_TREE,
      archivable: (scratch) =>
        treeOfWorkingTree(surroundings.repository ?? thisRepository, scratch, surroundings.signal),
      remedies: {
        unpack:
          'Make room under the temporary folder, or see what "git add --all --dry-run" says, then try again.',
        install: 'Run "npm install" where package.json has changed, else "npm ci", then try again.',
        strategies: 'Mend it, then try again.',
      },
    },
    WORKING_TREE,
    surroundings,
  );

async function checkedOut(source: Source, label: string, surroundings: Surroundings): Promise<Checkout> {
  const temporary = temporaryFolder();
  const folder = path.join(temporary.folder, 'code');
  try {
    const code = await unpack(source, temporary.folder, folder, surroundings.signal);
    const dependencies = await giveDependencies(source, folder, surroundings);
    return {
      folder,
      appMain: path.join(folder, 'servers/app/main.ts'),
      strategies: await strategiesOf(source, folder),
      code: { label, ...code, digest: await digestOfSide(folder) },
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
  { label, archivable, remedies }: Source,
  scratch: string,
  folder: string,
  signal: AbortSignal,
): Promise<Archivable['code']> {
  await mkdir(folder);
  const [archive, objects] = [path.join(scratch, 'code.tar'), path.join(scratch, 'git')];
  try {
    await mkdir(objects);
    const { code, treeish, folder: from, environment } = await archivable(objects);
    const args = ['-C', from, 'archive', '--format=tar', '-o', archive, treeish];
    await runOrThrow('git', args, { env: { ...environmentFor('git'), ...environment }, signal });
    await runOrThrow('tar', ['-xf', archive, '-C', folder], { signal });
    await Promise.all([archive, objects].map((each) => rm(each, { recursive: true })));
    return code;
  } catch (error) {
    throw new UserError(
      'invalid',
      `${label} could not be unpacked: ${messageOf(error)}. ${remedies.unpack}`,
      {
        cause: error,
      },
    );
  }
}

async function giveDependencies(
  { label, remedies }: Source,
  folder: string,
  { repository = thisRepository, progress, signal }: Surroundings,
): Promise<Checkout['dependencies']> {
  const check = await checkDependencies(folder, repository);
  if (check.status === 'as-locked' || check.status === 'no-lock-file') {
    await symlink(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
    return 'shared';
  }
  progress(`Installing the dependencies of ${label}: ${whyInstalled(check)}`);
  // The app needs no program that an install script would build or fetch, and both sides run on this very Node.js.
  const outcome = await runProgram(
    'npm',
    ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'],
    {
      cwd: folder,
      signal,
      // Else npm leaves compiled code in the temporary folder.
      env: { ...environmentFor('npm'), NODE_DISABLE_COMPILE_CACHE: '1' },
    },
  );
  if (outcome.exitCode === 0) return 'installed';
  throw new UserError(
    'invalid',
    `The dependencies of ${label} could not be installed (npm ci): ${whyNotInstalled(outcome)}. ${remedies.install}`,
  );
}

/** What npm says of the fault, without the code before it, and the help and the name of a log behind it. */
function whyNotInstalled(outcome: ProgramOutcome): string {
  const lines = outcome.stderr
    .split('\n')
    .flatMap((line) => /^npm (?:error|ERR!) (.*)$/.exec(line)?.[1] ?? []);
  const end = lines.findIndex((line) => /^(Clean install a project|A complete log)/.test(line));
  const said = lines.slice(0, end < 0 ? lines.length : end).map((line) => line.trim());
  const words = said.filter((line) => line !== '' && !line.startsWith('code ')).slice(0, 5);
  return [describeEnding(outcome), words.join(' | ')]
    .filter((part) => part !== '')
    .join(': ')
    .replace(/\.$/, '');
}

const whyInstalled = (check: Extract<LockCheck, { status: 'differ' | 'unusable' }>): string =>
  check.status === 'unusable'
    ? check.why
    : `its ${lockFile} says others than are installed here (${wrongInWords(check.wrong)})`;

async function strategiesOf({ label, remedies }: Source, folder: string): Promise<readonly Strategy[]> {
  try {
    return withVariants(await discoverStrategies([path.join(folder, 'servers/strategies')]));
  } catch (error) {
    throw new UserError(
      'invalid',
      `The strategies of ${label} cannot be read by this version: ${messageOf(error)}. ${remedies.strategies}`,
      { cause: error },
    );
  }
}
