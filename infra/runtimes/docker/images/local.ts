/** Images as the engine has them: which one a name stands for, whether it is a stand-in, and getting it. */

import { z } from 'zod';
import { UserError } from '../../../../record/user-error.ts';
import { sayingElapsed } from '../../../machine/elapsed.ts';
import type { ProgramPlace } from '../../../machine/programs/program.ts';
import type { NamedImage } from '../../../services/definition.ts';
import { type EngineClient, EngineError } from '../engine/client.ts';
import { dockerCommand } from '../engine/command.ts';
import { explained, nextStep } from '../engine/explain.ts';
import type { ImageContext } from './context.ts';
import { pinnedName } from './lock.ts';
import { imageNameOf } from './names.ts';
import { RECIPE_LABEL } from './stand-in-recipe.ts';

/** Label of images that `npm run images -- --offline` makes; its value says of what. */
export const STAND_IN_LABEL = 'session-bench.stand-in';
/** On every image that is made here of files of ours; its value says what it is: `app`, `k6`. */
export const MADE_LABEL = 'session-bench.made';

const PULL_TIMEOUT_MS = 15 * 60_000;

export interface LocalImage {
  /** The name to run it by. */
  readonly reference: string;
  /** The engine's own identity of it: `sha256:…`. */
  readonly id: string;
  /** As the registry named its content; null for images made here. */
  readonly digest: string | null;
  /** The name by which a builder takes this very image, also where a registry has a newer one under the same tag. */
  readonly exactName: string;
  /** What a stand-in is made of; null for an image that came from a registry or a person. */
  readonly standIn: string | null;
  /** Key of what the stand-in was made by; null for others. */
  readonly standInRecipe: string | null;
  readonly bytes: number;
}

/** An image, and where the programs of a service are in it. */
export interface ServiceImage {
  /** The name to run it by. */
  readonly reference: string;
  /** For reports: name and digest. */
  readonly description: string;
  readonly programs: Readonly<Record<string, ProgramPlace>>;
}

const inspected = z.object({
  Id: z.string(),
  RepoDigests: z.array(z.string()).nullish(),
  Size: z.number().default(0),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});

/** Null when the engine does not have it. */
export async function localImage(client: EngineClient, reference: string): Promise<LocalImage | null> {
  let image: z.output<typeof inspected>;
  try {
    image = await client.json(inspected, `/images/${encodeURI(reference)}/json`);
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return null;
    throw error;
  }
  const labels = image.Config?.Labels ?? {};
  // An image inherits the labels of its base.
  const standIn = MADE_LABEL in labels ? null : (labels[STAND_IN_LABEL] ?? null);
  return {
    reference,
    id: image.Id,
    digest: standIn ? null : digestFor(reference, image.RepoDigests ?? []),
    exactName: exactName(reference, image.RepoDigests ?? []),
    standIn,
    standInRecipe: standIn === null ? null : (labels[RECIPE_LABEL] ?? null),
    bytes: image.Size,
  };
}

/** `docker.io/library/redis:8` -> `redis`, as engines shorten it. */
const repositoryOf = (reference: string) =>
  reference
    .replace(/@.*$/, '')
    .replace(/:[^:/]+$/, '')
    .replace(/^docker\.io\//, '')
    .replace(/^library\//, '');

/** The digest that the name's own repository gave; null where the image came by another name. */
function ownDigest(reference: string, repoDigests: readonly string[]): string | null {
  const own = repoDigests.find((each) => repositoryOf(each) === repositoryOf(reference));
  return own?.split('@')[1] ?? null;
}

const digestFor = (reference: string, repoDigests: readonly string[]): string | null =>
  ownDigest(reference, repoDigests) ?? repoDigests[0]?.split('@')[1] ?? null;

/** @param repoDigests as an engine gives them: `redis@sha256:…` */
export function exactName(reference: string, repoDigests: readonly string[]): string {
  if (reference.includes('@')) return reference;
  const digest = ownDigest(reference, repoDigests);
  return digest === null ? reference : pinnedName(reference, digest);
}

/** For the report: the name, and what it stood for when it ran. */
export function describeImage(image: LocalImage): string {
  if (image.standIn) return `${image.reference} (stand-in: ${image.standIn}, ${image.id.slice(0, 19)})`;
  if (image.reference.includes('@')) return image.reference;
  return `${image.reference} (${image.digest ?? `made here, ${image.id.slice(0, 19)}`})`;
}

/** An image that is neither here nor can be fetched. */
export class ImageError extends UserError {
  readonly why: string;
  readonly remedy: string;

  constructor(why: string, remedy: string) {
    super('unavailable', `${why}. ${remedy}`);
    this.why = why;
    this.remedy = remedy;
  }
}

/**
 * The image that a name stands for: the one of the lock file where that names one, else the one that is here,
 * else pulled. A stand-in serves where the lock file's image cannot be had: it says what it is.
 * @throws ImageError
 */
export async function obtainImage(context: ImageContext, named: NamedImage): Promise<LocalImage> {
  const { client, lock, overrides, progress, signal } = context;
  const name = imageNameOf(named, overrides);
  const digest = lock.get(name);
  const wanted = digest ? pinnedName(name, digest) : name;
  const here = (await localImage(client, wanted)) ?? (await matchingStandIn(client, name));
  if (here) return here;
  await pullImage(wanted, progress, signal);
  const pulled = await localImage(client, wanted);
  if (!pulled) throw new ImageError(`the engine does not have ${wanted} though it was pulled`, 'Try again.');
  return pulled;
}

async function matchingStandIn(client: EngineClient, name: string): Promise<LocalImage | null> {
  const image = await localImage(client, name);
  return image?.standIn ? image : null;
}

/** @throws ImageError with the next step. */
export async function pullImage(
  reference: string,
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  progress(`Pulling ${reference}`);
  const limits = { timeoutMs: PULL_TIMEOUT_MS, ...(signal && { signal }) };
  const pulling = () => dockerCommand(['pull', '--quiet', reference], limits);
  const { ending, exitCode, all } = await sayingElapsed(`Pulling ${reference}`, progress, pulling);
  if (exitCode === 0) return;
  const output = ending === 'timeout' ? `not within ${PULL_TIMEOUT_MS / 60_000} minutes (i/o timeout)` : all;
  throw new ImageError(
    explained(`the image ${reference} cannot be pulled`, output).split('\n')[0] ?? '',
    nextStep(output) ??
      `Try docker pull ${reference}; where no registry is in reach: npm run images -- --offline`,
  );
}
