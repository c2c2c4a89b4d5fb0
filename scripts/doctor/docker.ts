/** Whether runs can use Docker, and which images are here. */

import { type Engine, findEngine } from '../../infra/runtimes/docker/find-engine.ts';
import { imagesOf, readImageOverrides } from '../../infra/runtimes/docker/image-names.ts';
import { localImage } from '../../infra/runtimes/docker/images/local.ts';
import { readImageLock } from '../../infra/runtimes/docker/images/lock.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import type { Finding } from './finding.ts';

export interface DockerExamination {
  /** True when `--runtime auto` takes Docker. */
  readonly usable: boolean;
  readonly findings: readonly Finding[];
}

export async function examineDocker(strategies: readonly Strategy[]): Promise<DockerExamination> {
  const found = await findEngine();
  if (found.status === 'lacking') {
    const { what, why, remedy } = found.lack;
    const detail = `not usable: it needs ${what}, and ${why}. bench runs natively`;
    return { usable: false, findings: [{ name: 'engine', status: 'hint', detail, remedy }] };
  }
  const { engine } = found;
  return {
    usable: true,
    findings: [
      { name: 'engine', status: 'good', detail: `${engine.description}. bench takes it` },
      ...(await examineImages(engine, strategies)),
    ],
  };
}

async function examineImages(engine: Engine, strategies: readonly Strategy[]): Promise<readonly Finding[]> {
  try {
    const lock = await readImageLock();
    const uses = imagesOf(strategies, readImageOverrides([]));
    return await Promise.all(
      uses.map(async ({ kind, image }): Promise<Finding> => {
        const name = `image ${kind}`;
        const here = await localImage(engine.client, image);
        if (!here) return { name, status: 'later', detail: `${image} will be pulled` };
        if (here.standIn) return { name, status: 'hint', detail: `${image}, a stand-in: ${here.standIn}` };
        const pinned = lock.has(image) ? ', pinned' : '';
        return { name, status: 'good', detail: `${image}${pinned}` };
      }),
    );
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return [{ name: 'images', status: 'bad', detail }];
  }
}
