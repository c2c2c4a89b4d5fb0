/** What a git ref names, and what of session-bench there is at it; nothing is checked out for this. */
import { git, repository as thisRepository } from '../repository.ts';
import { suggest } from '../suggest.ts';

export interface Reference {
  /** As typed. */
  readonly label: string;
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
  if ((await git(repository, 'rev-parse', '--git-dir')) === null)
    return mistake(
      `${repository} is no git repository that git can read, so "${ref}" names nothing. Compare two stored runs, or clone it with git.`,
    );
  const commit = await git(
    repository,
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${ref}^{commit}`,
  );
  if (commit === null) return mistake(await unknownReference(ref, repository));
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
  return { status: 'found', reference: { label: ref, commit, strategies } };
}

async function unknownReference(ref: string, repository: string): Promise<string> {
  const names = (await git(repository, 'for-each-ref', '--format=%(refname:short)'))?.split('\n') ?? [];
  const guess = suggest(ref, [...names.filter((name) => name !== ''), 'HEAD']);
  const shallow =
    (await git(repository, 'rev-parse', '--is-shallow-repository')) === 'true'
      ? ' This clone is shallow: "git fetch --unshallow" (in GitHub Actions: fetch-depth: 0) gets the rest.'
      : '';
  return `git knows no commit "${ref}" here.${guess ? ` Did you mean "${guess}"?` : ''}${shallow}`;
}
