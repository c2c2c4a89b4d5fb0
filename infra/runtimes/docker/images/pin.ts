/** Writes the digests of the images that are here into the lock file. */
import type { EngineClient } from '../engine/client.ts';
import { localImage } from './local.ts';
import { readImageLock, writeImageLock } from './lock.ts';

export interface PinOutcome {
  readonly image: string;
  /** What was written; null when there is no digest to write, for the reason given. */
  readonly digest: string | null;
  readonly reason: string;
}

/** Only digests that the engine got from a registry are written; those of images that are not here stay. */
export async function pinImages(
  client: EngineClient,
  names: readonly string[],
  file?: string,
): Promise<readonly PinOutcome[]> {
  const lock = new Map(await readImageLock(file));
  const outcomes: PinOutcome[] = [];
  for (const name of names) {
    const image = await localImage(client, name);
    if (!image) outcomes.push({ image: name, digest: null, reason: 'not here: pull it first' });
    else if (image.standIn)
      outcomes.push({ image: name, digest: null, reason: 'a stand-in, which has no digest' });
    else if (!image.digest) outcomes.push({ image: name, digest: null, reason: 'made here, not pulled' });
    else {
      lock.set(name, image.digest);
      outcomes.push({ image: name, digest: image.digest, reason: 'pinned' });
    }
  }
  if (outcomes.some(({ digest }) => digest !== null)) await writeImageLock(lock, file);
  return outcomes;
}
