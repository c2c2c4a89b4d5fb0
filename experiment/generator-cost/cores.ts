/** The cores of the generator and of the target. */
import { allowedCores } from '../../infra/machine/cores.ts';
import { UserError } from '../../record/user-error.ts';

export interface Cores {
  readonly generator: number;
  readonly target: number;
}

/** @throws UserError where this process may use one core only */
export async function chooseCores(): Promise<Cores> {
  const [generator, target] = await allowedCores();
  if (generator === undefined || target === undefined)
    throw new UserError(
      'unavailable',
      'The generator and its target need a core each, and there is one here.',
    );
  return { generator, target };
}
