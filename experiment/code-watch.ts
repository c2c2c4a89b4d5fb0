/**
 * Sees whether what is measured changes while it is measured: servers that are started again read the app and the stores
 * anew, and k6 reads its script for every trial. Sides of a gate are copies, which nobody edits.
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { appMain } from '../infra/strategies.ts';
import { type Reason, reasonOf } from '../record/reasons.ts';
import { checkDependencies, installedFile, lockFile, wrongInWords } from './dependencies.ts';
import type { RunJournal } from './journal.ts';
import type { Plan } from './plan.ts';
import { filesOf } from './sides/digest.ts';

type Notes = Pick<RunJournal, 'fault' | 'codeChanged'>;

/** Does the work, and notes in the journal what of the code was not as it should be. */
export async function withWatchedCode<Result>(
  plan: Pick<Plan, 'script' | 'strategies' | 'design'>,
  journal: Notes,
  work: () => Promise<Result>,
  repository: string,
): Promise<Result> {
  const isHere = (file: string) => !path.relative(repository, file).startsWith('..');
  const mains = appsOf(plan);
  const watched = [...mains.map(codeOf), path.dirname(plan.script)];
  const folders = [...new Set([...watched, ...plan.strategies.map(({ folder }) => folder)])];
  if (mains.some(isHere)) await notePackages(journal, repository);
  const before = await stamps(folders, repository);
  try {
    return await work();
  } finally {
    const changed = changesBetween(before, await stamps(folders, repository));
    if (changed.length > 0)
      journal.codeChanged(
        changedReason(changed.map((file) => (isHere(file) ? path.relative(repository, file) : file))),
      );
  }
}

/**
 * Folder of the code of an app, by its main module: all of `servers` where that module is where ours is, since an app
 * imports what stands beside it there; else the folder of the module alone, for what is above it may be anything.
 */
function codeOf(main: string): string {
  const folder = path.dirname(main);
  const above = path.dirname(folder);
  return path.basename(folder) === 'app' && path.basename(above) === 'servers' ? above : folder;
}

/** Main modules of the apps that the plan starts. */
function appsOf({ design, strategies }: Pick<Plan, 'design' | 'strategies'>): readonly string[] {
  const apps = design.kind === 'sides' ? design.apps : null;
  return [...new Set(strategies.map(({ name }) => apps?.get(name)?.appMain ?? appMain))];
}

async function notePackages(journal: Notes, repository: string): Promise<void> {
  const check = await checkDependencies(repository);
  if (check.status === 'differ')
    journal.fault(
      reasonOf(
        'dependencies-differ',
        `Installed packages are not those of ${lockFile}: ${wrongInWords(check.wrong)}. What is installed was measured.`,
      ),
    );
  if (check.status === 'unusable')
    journal.fault(
      reasonOf(
        'dependencies-differ',
        `Installed packages cannot be held to ${lockFile}: ${check.why}. What is installed was measured.`,
        'Run "npm install", then measure again.',
      ),
    );
}

type Stamps = ReadonlyMap<string, string>;

/** By file, of what tells one version of it from another; a file that is written and put back counts as changed. */
async function stamps(folders: readonly string[], repository: string): Promise<Stamps> {
  const files = await Promise.all(
    folders.map(async (folder) => (await filesOf(folder)).map((file) => path.join(folder, file))),
  );
  const installed = path.join(repository, installedFile);
  const entries = await Promise.all(files.flat().map(async (file) => [file, await stampOf(file)] as const));
  return new Map([...entries, [installed, await readFile(installed, 'utf8').catch(() => '')]]);
}

const stampOf = (file: string): Promise<string> =>
  stat(file).then(
    ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
    () => '',
  );

const changesBetween = (before: Stamps, after: Stamps): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file));

function changedReason(files: readonly string[]): Reason {
  const names = files.toSorted();
  const more = names.length > 3 ? `, and ${names.length - 3} more` : '';
  return reasonOf(
    'code-changed',
    `What is measured was changed while it was measured (${names.slice(0, 3).join(', ')}${more}), so that trials may be of different code.`,
  );
}
