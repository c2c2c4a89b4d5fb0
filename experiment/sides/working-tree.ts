/** The working tree as a tree of git, made without a word in the repository: no object, no index, no stash. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { environmentFor } from '../../infra/machine/environment.ts';
import { runOrThrow } from '../../infra/machine/run.ts';
import type { SideCode } from '../../record/design.ts';

/** Something that `git archive` can unpack. */
export interface Archivable {
  readonly code: Pick<SideCode, 'commit' | 'dirty'>;
  /** A commit or a tree. */
  readonly treeish: string;
  /** Where git is to be asked for it, and what it must be told besides. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Takes what is there now: files that are changed, staged or new, and none that are ignored.
 * @param repository folder of the project, the top of the repository or below it
 * @param scratch folder for what git writes; must be there as long as the tree is used
 * @throws Error with what git said
 */
export async function treeOfWorkingTree(
  repository: string,
  scratch: string,
  signal: AbortSignal,
): Promise<Archivable> {
  const ask = async (args: readonly string[], folder = repository): Promise<string> =>
    (await runOrThrow('git', ['-C', folder, ...args], { env: environmentFor('git'), signal })).stdout;
  const [prefix, top] = [
    await ask(['rev-parse', '--show-prefix']),
    await ask(['rev-parse', '--show-toplevel']),
  ];
  const objects = path.join(scratch, 'objects');
  await mkdir(objects);
  const environment = {
    GIT_INDEX_FILE: path.join(scratch, 'index'),
    GIT_OBJECT_DIRECTORY: objects,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: path.resolve(
      repository,
      await ask(['rev-parse', '--git-path', 'objects']),
    ),
  };
  const write = async (args: readonly string[], input = '', folder = top): Promise<string> => {
    const env = { ...environmentFor('git'), ...environment };
    const quiet = [
      '-c',
      'core.fsmonitor=false',
      '-c',
      'core.safecrlf=false',
      '-c',
      'advice.addEmbeddedRepo=false',
    ];
    return (await runOrThrow('git', ['-C', folder, ...quiet, ...args], { env, input, signal })).stdout;
  };
  // Names alone: a copied index would let git take files for unchanged by their times, or by a flag.
  await write(['update-index', '-z', '--index-info'], await ask(['ls-files', '--stage', '-z'], top));
  await write(['add', '--all', '.'], '', repository);
  const tree = await write(['write-tree', ...(prefix === '' ? [] : [`--prefix=${prefix}`])]);
  const commit = await ask(['rev-parse', '--verify', '--quiet', 'HEAD']).catch(() => null);
  const committed =
    commit === null ? null : await ask(['rev-parse', `${commit}:${prefix}`]).catch(() => null);
  return { code: { commit, dirty: tree !== committed }, treeish: tree, folder: top, environment };
}
