/** Whether this machine has what a run needs, as the doctor asks it. */
import { examineFor, type Finding, type Wanted } from '../../infra/requirements/index.ts';
import type { Runtime } from '../../infra/runtimes/runtime.ts';
import { UserError } from '../../record/user-error.ts';

/**
 * @returns what keeps some of the strategies from running
 * @throws UserError with everything that stands in the way of all
 */
export async function expectAble(runtime: Runtime['name'], wanted: Wanted): Promise<readonly Finding[]> {
  const { ofAll, ofSome } = await examineFor(runtime, wanted);
  refuse(ofAll);
  return ofSome;
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
