/** The images that runs of strategies use, and which of them are here. */
import type { Strategy } from '../../runtime.ts';
import type { Engine } from '../engine/find.ts';
import { type LocalImage, localImage } from './local.ts';
import { readImageLock } from './lock.ts';
import { type ImageOverrides, imagesOf } from './names.ts';

export interface UsedImage {
  /** `redis`, `app` */
  readonly kind: string;
  /** Its name: the official one, or a person's. */
  readonly image: string;
  /** Null when the engine does not have it. */
  readonly here: LocalImage | null;
  /** The digest of the lock file; null where it names none. */
  readonly pinned: string | null;
}

/** @throws Error when the lock file is wrong, or when the engine does not answer */
export async function usedImages(
  { client }: Engine,
  strategies: readonly Strategy[],
  overrides: ImageOverrides,
): Promise<readonly UsedImage[]> {
  const lock = await readImageLock();
  return await Promise.all(
    imagesOf(strategies, overrides).map(async ({ kind, image }) => ({
      kind,
      image,
      here: await localImage(client, image),
      pinned: lock.get(image) ?? null,
    })),
  );
}
