/** Which runtime a run uses, and why: Docker where an engine can be used, unless a person says otherwise. */

import type { BudgetOverrides } from './docker/budgets.ts';
import { sweepEngine } from './docker/engine/sweep.ts';
import { type Engine, findEngine } from './docker/find-engine.ts';
import type { ImageOverrides } from './docker/image-names.ts';
import { createDockerRuntime } from './docker/index.ts';
import { createNativeRuntime } from './native/index.ts';
import type { Lack, Runtime } from './runtime.ts';

export const runtimeChoices = ['auto', 'docker', 'native'] as const;
export type RuntimeChoice = (typeof runtimeChoices)[number];

export type ChosenRuntime =
  | { readonly status: 'native'; readonly why: string; readonly engine: Engine | null }
  | { readonly status: 'docker'; readonly why: string; readonly engine: Engine }
  /** Docker was asked for by name, and cannot be used. */
  | { readonly status: 'lacking'; readonly lack: Lack };

export async function chooseRuntime(choice: RuntimeChoice): Promise<ChosenRuntime> {
  const found = await findEngine();
  const engine = found.status === 'ready' ? found.engine : null;
  if (choice === 'native') return { status: 'native', why: 'as asked for', engine };
  if (engine) {
    const why = choice === 'docker' ? `as asked for: ${engine.description}` : engine.description;
    return { status: 'docker', why, engine };
  }
  if (found.status === 'ready') throw new Error('an engine was found and is not there');
  if (choice === 'docker') return { status: 'lacking', lack: found.lack };
  return { status: 'native', why: `Docker cannot be used: ${inWords(found.lack)}`, engine };
}

export const inWords = ({ what, why }: Lack): string => `it needs ${what}, and ${why}`;

export interface RuntimeWishes {
  readonly images: ImageOverrides;
  readonly budgets: BudgetOverrides;
  /** Ends what may take long before the first trial. */
  readonly signal: AbortSignal;
  progress(line: string): void;
}

/** Ends what killed runs left on either runtime, then stands ready. */
export async function createRuntime(
  chosen: Exclude<ChosenRuntime, { status: 'lacking' }>,
  wishes: RuntimeWishes,
): Promise<Runtime> {
  if (chosen.status === 'docker') return await createDockerRuntime({ ...wishes, engine: chosen.engine });
  // Containers of a killed run would go on taking the processor, and their folders are about to be removed.
  if (chosen.engine) for (const line of await sweepEngine(chosen.engine.client)) wishes.progress(line);
  return await createNativeRuntime(wishes);
}
