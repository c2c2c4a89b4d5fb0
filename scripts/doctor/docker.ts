/** Whether runs can use Docker, and which images are here. */
import { messageOf } from '../../infra/machine/errors.ts';
import { type Engine, findEngine, usedImages } from '../../infra/runtimes/index.ts';
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
    const used = await usedImages(engine, strategies);
    return used.map(({ kind, image, here, pinned }): Finding => {
      const name = `image ${kind}`;
      if (!here) return { name, status: 'later', detail: `${image} will be pulled` };
      if (here.standIn) return { name, status: 'hint', detail: `${image}, a stand-in: ${here.standIn}` };
      return { name, status: 'good', detail: `${image}${pinned ? ', pinned' : ''}` };
    });
  } catch (error) {
    const detail = messageOf(error);
    return [{ name: 'images', status: 'bad', detail }];
  }
}
