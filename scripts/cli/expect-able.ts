/** Whether this machine has what a run needs, as the doctor asks it. */
import { examineFor, type Finding, type InTheWay, type Wanted } from '../../infra/requirements/index.ts';
import type { Runtime } from '../../infra/runtimes/runtime.ts';
import { UserError } from '../../record/user-error.ts';

/**
 * @returns which strategies can run, and what keeps the others from it
 * @throws UserError with everything that stands in the way of all
 */
export async function expectAble(
  runtime: Runtime['name'],
  wanted: Wanted,
): Promise<Pick<InTheWay, 'ofSome' | 'able'>> {
  const { ofAll, ...some } = await examineFor(runtime, wanted);
  refuse(ofAll);
  return some;
}

/** @throws UserError with all that stands in the way, where something does */
export function refuse(inTheWay: readonly Finding[]): void {
  if (inTheWay.length === 0) return;
  const lines = inTheWay.map((finding) => `  ✖ ${inOneLine(finding)}`);
  throw new UserError(
    'unavailable',
    `Nothing can be measured here:\n${lines.join('\n')}\nNothing was started. "npm run doctor" shows all that a run needs.`,
  );
}

export const inOneLine = ({ name, detail, remedy }: Finding): string =>
  `${name}: ${detail.replace(/\.$/, '')}.${remedy === null ? '' : ` ${remedy}`}`;
