/** Whether runs can use Docker, and which images are here. */
import { messageOf } from '../machine/errors.ts';
import {
  type Engine,
  findEngine,
  type ImageOverrides,
  leftInEngine,
  type UsedImage,
  usedImages,
} from '../runtimes/index.ts';
import type { Strategy } from '../runtimes/runtime.ts';
import { type Answer, bad, type Finding, good, hint, later } from './requirement.ts';

export interface DockerExamination {
  /** True when `--runtime auto` takes Docker. */
  readonly usable: boolean;
  readonly findings: readonly Finding[];
}

export async function examineDocker(
  strategies: readonly Strategy[],
  overrides: ImageOverrides,
): Promise<DockerExamination> {
  const found = await findEngine();
  if (found.status === 'lacking') {
    const { what, why, remedy } = found.lack;
    const answer = hint(`not usable: it needs ${what}, and ${why}. bench runs natively`, remedy);
    return { usable: false, findings: [{ name: 'engine', ...answer }] };
  }
  const { engine } = found;
  const engineFinding = { name: 'engine', ...good(`${engine.description}. bench takes it`) };
  const images = await examineImages(engine, strategies, overrides);
  return { usable: true, findings: [engineFinding, ...(await examineLeft(engine)), ...images] };
}

/** Containers of killed runs, which would run beside what is measured. */
async function examineLeft({ client }: Engine): Promise<readonly Finding[]> {
  const left = await leftInEngine(client).catch(() => '');
  if (left === '') return [];
  const answer = later(`killed runs left ${left} in the engine`, 'The next bench removes them.');
  return [{ name: 'leftovers in Docker', ...answer }];
}

async function examineImages(
  engine: Engine,
  strategies: readonly Strategy[],
  overrides: ImageOverrides,
): Promise<readonly Finding[]> {
  try {
    const images = await usedImages(engine, strategies, overrides);
    return images.map((image) => ({ name: `image ${image.kind}`, ...answerOf(image) }));
  } catch (error) {
    return [{ name: 'images', ...bad(messageOf(error)) }];
  }
}

function answerOf({ image, here, pinned }: UsedImage): Answer {
  if (!here) return later(`${image} will be pulled`);
  if (here.standIn) return hint(`${image}, a stand-in: ${here.standIn}`);
  return good(pinned === null ? image : `${image}, pinned`);
}
