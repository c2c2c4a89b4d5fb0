/** What a git ref names, and what of session-bench there is at it; nothing is checked out for this. */
import { git, repository as thisRepository } from '../repository.ts';
import { suggest } from '../suggest.ts';
import { commitTrouble, repositoryTrouble } from './git-trouble.ts';

export interface Reference {
  /** As git knows it: as typed, or the branch of a remote that was taken for it. */
  readonly label: string;
  readonly typed: string;
  readonly commit: string;
  /** Names of the strategies that it has. */
  readonly strategies: readonly string[];
}

export type FoundReference =
  | { readonly status: 'found'; readonly reference: Reference }
  | { readonly status: 'mistake'; readonly mistake: string };

const mistake = (text: string): FoundReference => ({ status: 'mistake', mistake: text });

/** @param repository folder in which git looks for it */
export async function findReference(
  ref: string,
  repository: string = thisRepository,
): Promise<FoundReference> {
  const trouble = await repositoryTrouble(repository);
  if (trouble !== null) return mistake(trouble);
  const found = await commitOf(ref, repository);
  if (found === null) return mistake(await unknownReference(ref, repository));
  const { label, commit } = found;
  const files =
    (await git(repository, 'ls-tree', '-r', '--name-only', commit, '--', 'servers'))?.split('\n') ?? [];
  if (!files.includes('servers/app/main.ts'))
    return mistake(
      `"${ref}" (${commit.slice(0, 7)}) has no servers/app/main.ts, so there is no app to measure. Name a commit that has it.`,
    );
  const folders = files.flatMap(
    (file) => /^servers\/strategies\/([^/]+)\/topology\.ts$/.exec(file)?.[1] ?? [],
  );
  const strategies = folders.filter((name) => files.includes(`servers/strategies/${name}/store.ts`));
  return { status: 'found', reference: { label, typed: ref, commit, strategies } };
}

/** As git resolves it; else the one branch of that name that a remote has, as `git switch` would take it. */
async function commitOf(
  ref: string,
  repository: string,
): Promise<{ readonly label: string; readonly commit: string } | null> {
  const resolved = (name: string) =>
    git(repository, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  const commit = await resolved(ref);
  if (commit !== null) return { label: ref, commit };
  const [only, another] = await remoteBranches(ref, repository);
  if (only === undefined || another !== undefined) return null;
  const remote = await resolved(`refs/remotes/${only}`);
  return remote === null ? null : { label: only, commit: remote };
}

/** `origin/main`, for `main` and `refs/heads/main`. None for `HEAD`: what a remote has checked out is not what is so here. */
async function remoteBranches(ref: string, repository: string): Promise<readonly string[]> {
  if (isOfHead(ref)) return [];
  const names = await namesUnder('refs/remotes', repository);
  return names.filter((name) => name.replace(/^[^/]+\//, '') === branchIn(ref, []));
}

/** `HEAD`, `@`, `HEAD~2`, `@{1}`. */
const isOfHead = (ref: string): boolean => /^(HEAD|@)($|[~^@{])/.test(ref);

/** The branch that a name is of: `main`, for `origin/main`, `refs/heads/main` and `remotes/origin/main` alike. */
function branchIn(ref: string, remotes: readonly string[]): string {
  const name = ref.replace(/^(refs\/)?(heads|remotes)\//, '');
  const remote = remotes.find((each) => name.startsWith(`${each}/`));
  return remote === undefined ? name : name.slice(remote.length + 1);
}

async function namesUnder(place: string, repository: string): Promise<readonly string[]> {
  const names = await git(repository, 'for-each-ref', '--format=%(refname:short)', place);
  return names?.split('\n').filter((name) => name !== '') ?? [];
}

async function unknownReference(ref: string, repository: string): Promise<string> {
  const trouble = await commitTrouble(ref, repository);
  if (trouble !== null) return trouble;
  const unborn = await unbornBranch(repository);
  if (unborn !== null && (await git(repository, 'rev-list', '--all', '-n', '1')) === '')
    return `git knows no commit "${ref}" here: this repository has no commit yet. Commit what is to be the baseline first.`;
  if (unborn !== null && (isOfHead(ref) || branchIn(ref, []) === unborn))
    return `git knows no commit "${ref}" here: the branch "${unborn}", which is checked out, has no commit yet. Commit what is to be the baseline first, or name another: ${disjoined(await branches(repository))}.`;
  const several = await remoteBranches(ref, repository);
  if (several.length > 1)
    return `git knows no branch "${ref}" here, and several remotes have one: name ${disjoined(several)}.`;
  const guess = suggest(ref, [...(await namesUnder('refs', repository)), 'HEAD']);
  const hint = guess ? ` Did you mean "${guess}"?` : '';
  return `git knows no commit "${ref}" here.${hint}${await howToFetch(ref, repository)}`;
}

/** The branch that is checked out and has no commit yet; null where there is none such. */
async function unbornBranch(repository: string): Promise<string | null> {
  if ((await git(repository, 'rev-parse', '--verify', '--quiet', 'HEAD')) !== null) return null;
  return await git(repository, 'symbolic-ref', '--quiet', '--short', 'HEAD');
}

/** A few of those that could be meant. */
async function branches(repository: string): Promise<readonly string[]> {
  const own = await namesUnder('refs/heads', repository);
  const ofRemotes = await namesUnder('refs/remotes', repository);
  return [...own, ...ofRemotes.filter((name) => /\/(?!HEAD$)/.test(name)), 'a commit'].slice(-4);
}

/** A clone that has only a part, as that of a CI: one commit, or one branch. */
async function howToFetch(ref: string, repository: string): Promise<string> {
  const remotes = (await git(repository, 'remote'))?.split('\n').filter((name) => name !== '') ?? [];
  const remote = remotes.find((name) => ref.includes(`${name}/`)) ?? remotes[0];
  const isShallow = (await git(repository, 'rev-parse', '--is-shallow-repository')) === 'true';
  if (remote === undefined) return '';
  const branch = branchIn(ref, remotes);
  const isName = /^[A-Za-z][\w./-]*$/.test(branch) && !branch.includes('..') && !isOfHead(ref);
  const what = isName ? ` ${remote} +${branch}:refs/remotes/${remote}/${branch}` : '';
  if (isShallow)
    return ` This clone is shallow: "git fetch --unshallow${what}" gets the rest (in GitHub Actions: fetch-depth: 0).`;
  return isName ? ` If it is a branch that this clone was made without: "git fetch${what}".` : '';
}

const disjoined = (names: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'disjunction' }).format(names);
