/** Why git says nothing of a repository or a commit, by its name, and what to do. */
import { environmentFor } from '../../infra/machine/environment.ts';
import { type ProgramOutcome, runProgram } from '../../infra/machine/run.ts';

const instead = 'or compare two stored runs';

/** Runs git; its words are English. */
export const runGit = (folder: string, ...args: readonly string[]): Promise<ProgramOutcome> =>
  runProgram('git', ['-C', folder, ...args], { env: { ...environmentFor('git'), LC_ALL: 'C' } });

/** The line that says it, without git's `fatal: `. */
const wordsOf = ({ stderr }: ProgramOutcome): string =>
  stderr
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.replace(/^(fatal|error): /, ''))[0] ?? 'git said nothing';

/** What keeps git from reading the repository of a folder; null where nothing does. */
export async function repositoryTrouble(folder: string): Promise<string | null> {
  const asked = await runGit(folder, 'rev-parse', '--git-dir');
  if (asked.ending === 'exit' && asked.exitCode === 0) return null;
  if (asked.ending === 'missing')
    return `git is not on PATH, and a ref is read by git. Install git (Debian: apt-get install git), ${instead}.`;
  if (/dubious ownership|unsafe repository/.test(asked.stderr)) return dubious(folder, asked.stderr);
  // A colon names a folder that `.git` points at, as that of a worktree does.
  if (/not a git repository: /.test(asked.stderr))
    return `${folder} has a .git that leads to no repository (${wordsOf(asked)}): the repository of this worktree was moved or removed. Say "git worktree repair" there, ${instead}.`;
  if (/not a git repository/.test(asked.stderr))
    return `${folder} is no git repository that git can read, so it has no refs. Clone it with git, ${instead}.`;
  return `git cannot read ${folder}: ${wordsOf(asked)}. Mend that, ${instead}.`;
}

/** Git names the folder that it would have to trust, which may be one above. */
function dubious(folder: string, words: string): string {
  const remedy = /git config --global --add safe\.directory .+/.exec(words)?.[0].trim();
  return `git reads nothing of ${folder}, since another user owns it ("dubious ownership"). If you trust its owner: ${remedy ?? `git config --global --add safe.directory ${folder}`}`;
}

/** What is wrong with a commit that git knows and cannot give, or with a name that fits several; null where it knows none. */
export async function commitTrouble(ref: string, folder: string): Promise<string | null> {
  const named = await runGit(folder, 'rev-parse', '--verify', '--end-of-options', ref);
  if (/ambiguous/.test(named.stderr)) return `"${ref}" is the beginning of several ids. Give more of it.`;
  const isKnown = named.ending === 'exit' && named.exitCode === 0;
  const kind = await runGit(folder, 'cat-file', '-t', isKnown ? named.stdout.trim() : `${ref}^{}`);
  if (kind.exitCode === 0 && kind.stdout.trim() !== 'commit')
    return `"${ref}" is no commit but a ${kind.stdout.trim()}. Name a commit, a branch or a tag.`;
  // A whole id is taken for known, whether or not there is such an object.
  if (!isKnown || /^[0-9a-f]{40,64}$/.test(ref)) return null;
  return `git cannot read "${ref}": ${wordsOf(kind)}. The repository is damaged, or lacks objects: "git fsck" says what, and "git fetch" may bring it.`;
}
