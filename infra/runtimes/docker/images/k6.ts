/** The generator's image: the k6 of `infra/k6` and nothing else. Where this machine has no Go, a container builds it. */
import path from 'node:path';
import { provisionK6 } from '../../../machine/programs/k6-build.ts';
import { buildImage } from './build.ts';
import type { ImageContext, Provided } from './context.ts';
import { compilerInContainer } from './go.ts';
import type { LocalImage } from './local.ts';

/** @throws ImageError */
export async function provideK6Image(context: ImageContext): Promise<Provided<LocalImage>> {
  const k6 = await provisionK6({
    progress: context.progress,
    otherwise: () => compilerInContainer(context),
  });
  context.signal.throwIfAborted();
  if (k6.status === 'lacking') return k6;
  const recipe = {
    name: 'k6',
    dockerfile: 'FROM scratch\nCOPY --chown=0:0 k6 /k6\nUSER 65534:65534\nENTRYPOINT ["/k6"]\n',
    files: new Map([['k6', { copyOf: k6.path }]]),
    // The folder's name is the hash of all that the binary is made of.
    identity: [path.basename(path.dirname(k6.path))],
  };
  return { status: 'ready', value: await buildImage(context, recipe) };
}
