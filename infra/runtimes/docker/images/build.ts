/** Images that are made here: from files of ours on a base that is here, without network. */
import { createHash } from 'node:crypto';
import { chmod, constants, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../../machine/programs/cache.ts';
import { dockerCommand } from '../engine/command.ts';
import { explained, nextStep } from '../engine/explain.ts';
import type { ImageContext } from './context.ts';
import { ImageError, type LocalImage, localImage, MADE_LABEL } from './local.ts';

/** Images of earlier sources are kept for so long, in hours: going back to them costs nothing then. */
const KEPT_HOURS = 14 * 24;

export interface ImageRecipe {
  /** `app`, `k6` */
  readonly name: string;
  readonly dockerfile: string;
  /** By path inside the build context. */
  readonly files: ReadonlyMap<string, ImageFile>;
  /** What else it is made of, such as the base's identity. */
  readonly identity: readonly string[];
}

export type ImageFile = { readonly content: string | Uint8Array } | { readonly copyOf: string };

/** Builds it unless the engine has it already. @throws ImageError */
export async function buildImage(
  { client, folder, signal, progress }: ImageContext,
  recipe: ImageRecipe,
): Promise<LocalImage> {
  const reference = `session-bench-${recipe.name}:${keyOf(recipe)}`;
  const here = await localImage(client, reference);
  if (here) return here;
  progress(`Building the image ${reference}`);
  const context = await mkdtemp(path.join(folder, 'build-'));
  try {
    await writeContext(context, recipe);
    const command = ['build', '--quiet', '--network', 'none', '--tag', reference];
    const { exitCode, all } = await dockerCommand(
      [...command, '--label', `${MADE_LABEL}=${recipe.name}`, context],
      { signal },
    );
    const built = exitCode === 0 ? await localImage(client, reference) : null;
    if (!built) {
      throw new ImageError(
        explained(`the image of ${recipe.name} cannot be built`, all).split('\n')[0] ?? '',
        nextStep(all) ?? 'Read what Docker says, or use --runtime native.',
      );
    }
    await removeOld(signal);
    return built;
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

function keyOf({ dockerfile, files, identity }: ImageRecipe): string {
  const hash = createHash('sha256').update(JSON.stringify([dockerfile, identity]));
  for (const [name, file] of [...files].sort(([a], [b]) => a.localeCompare(b))) {
    hash.update(name);
    // Copies are binaries, and the recipe has their identity.
    if ('content' in file) hash.update(file.content);
  }
  return hash.digest('hex').slice(0, 16);
}

/** @param context absolute path of the folder that Docker is given */
export async function writeContext(
  context: string,
  { dockerfile, files }: Pick<ImageRecipe, 'dockerfile' | 'files'>,
): Promise<void> {
  await writeFile(path.join(context, 'Dockerfile'), dockerfile);
  for (const [name, file] of files) {
    const target = path.join(context, name);
    // What is in the image is read by users other than root, whatever the umask here.
    await makeFolder(path.dirname(target));
    if ('content' in file) await writeFile(target, file.content);
    else await copyFile(file.copyOf, target, constants.COPYFILE_FICLONE);
    await chmod(target, 'content' in file ? 0o644 : 0o755);
  }
}

/** Images of ours that no container uses and that are older than anybody goes back to. */
async function removeOld(signal: AbortSignal): Promise<void> {
  const filters = [`label=${MADE_LABEL}`, `until=${KEPT_HOURS}h`].flatMap((each) => ['--filter', each]);
  await dockerCommand(['image', 'prune', '--all', '--force', ...filters], { signal });
}
