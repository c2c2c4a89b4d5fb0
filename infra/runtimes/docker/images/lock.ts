/** `images.lock.json`: digests of the images that runs hold to, written by `npm run images -- --pin`. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

export const imageLockFile = path.resolve(import.meta.dirname, '../../../../images.lock.json');

const lockSchema = z.strictObject({
  $comment: z.string().optional(),
  /** Name of the image as services give it -> digest as the registry gave it to the engine. */
  images: z.record(z.string(), z.string().regex(/^sha256:[0-9a-f]{64}$/)),
});

export type ImageLock = ReadonlyMap<string, string>;

/** @throws Error when the file is there and no lock file. */
export async function readImageLock(file = imageLockFile): Promise<ImageLock> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw error;
  }
  try {
    return new Map(Object.entries(lockSchema.parse(JSON.parse(text)).images));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new Error(`${file} is no lock file of images: ${why}\nMend it, or remove it and pin again.`, {
      cause,
    });
  }
}

export async function writeImageLock(lock: ImageLock, file = imageLockFile): Promise<void> {
  const images = Object.fromEntries([...lock].sort(([a], [b]) => a.localeCompare(b)));
  const content = { $comment: 'Written by npm run images -- --pin; runs hold to these digests.', images };
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
}

/**
 * `redis:8.10` with a digest is `redis:8.10@sha256:…`. The tag says nothing beside a digest, but builders of engines with
 * containerd's image store find a local image by it alone.
 */
export const pinnedName = (image: string, digest: string): string => `${image.replace(/@.*$/, '')}@${digest}`;
