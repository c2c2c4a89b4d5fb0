/** What the rest of the house uses of the runtimes: choosing one, making one, and what it would need. */
import type { BudgetOverrides } from './docker/budgets.ts';
import { type Engine, findEngine } from './docker/engine/find.ts';
import { sweepEngine } from './docker/engine/sweep.ts';
import { goImage } from './docker/images/go.ts';
import { type ImageOverrides, imagesOf } from './docker/images/names.ts';
import { createDockerRuntime } from './docker/index.ts';
import { createNativeRuntime } from './native/index.ts';
import type { Lack, Runtime, Strategy } from './runtime.ts';

export { type BudgetOverrides, readBudgetOverrides } from './docker/budgets.ts';
export { type Engine, findEngine } from './docker/engine/find.ts';
export { leftInEngine } from './docker/engine/sweep.ts';
export { pullImage } from './docker/images/local.ts';
export { type ImageOverrides, readImageOverrides } from './docker/images/names.ts';
export { pinImages } from './docker/images/pin.ts';
export { makeStandIns, removeStandIns } from './docker/images/stand-ins.ts';
export { type UsedImage, usedImages } from './docker/images/used.ts';

export { createNativeRuntime };

export const runtimeChoices = ['auto', 'docker', 'native'] as const;
export type RuntimeChoice = (typeof runtimeChoices)[number];

export type ChosenRuntime =
  | { readonly status: 'native'; readonly why: string; readonly engine: Engine | null }
  | { readonly status: 'docker'; readonly why: string; readonly engine: Engine }
  /** Docker was asked for by name, and cannot be used. */
  | { readonly status: 'lacking'; readonly lack: Lack };

/** Docker where an engine can be used, unless a person says otherwise. */
export async function chooseRuntime(choice: RuntimeChoice): Promise<ChosenRuntime> {
  const found = await findEngine();
  if (found.status === 'ready') {
    const { engine } = found;
    if (choice === 'native') return { status: 'native', why: 'as asked for', engine };
    const why = choice === 'docker' ? `as asked for: ${engine.description}` : engine.description;
    return { status: 'docker', why, engine };
  }
  if (choice === 'docker') return { status: 'lacking', lack: found.lack };
  const why = choice === 'native' ? 'as asked for' : `Docker cannot be used: ${inWords(found.lack)}`;
  return { status: 'native', why, engine: null };
}

export const inWords = ({ what, why }: Lack): string => `it needs ${what}, and ${why}`;

/** Words by which a person names another image for a run of these strategies. */
export const imageKinds = (strategies: readonly Strategy[]): readonly string[] => [
  ...imagesOf(strategies, new Map()).map(({ kind }) => kind),
  goImage.kind,
];

export interface RuntimeWishes {
  /** Images in place of the official ones. */
  readonly images: ImageOverrides;
  /** What containers may use, where a person set it. */
  readonly budgets: BudgetOverrides;
  /** Ends provisioning, starting and driving. */
  readonly signal: AbortSignal;
  progress(line: string): void;
}

/** Ends what killed runs left on either runtime, whatever lock they held, and tells it; then stands ready. */
export async function createRuntime(
  chosen: Exclude<ChosenRuntime, { status: 'lacking' }>,
  wishes: RuntimeWishes,
): Promise<Runtime> {
  const { engine } = chosen;
  if (chosen.status === 'docker') return await createDockerRuntime({ ...wishes, engine: chosen.engine });
  // Containers of a killed run would go on taking the processor, and their folders are about to be removed.
  if (engine) for (const line of await sweepEngine(engine.client)) wishes.progress(line);
  return await createNativeRuntime(wishes);
}
