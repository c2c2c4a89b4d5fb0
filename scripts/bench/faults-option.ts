/** `--faults`: which faults are done, and whether any can be. */
import { faults, mainFaults } from '../../experiment/faults/catalogue.ts';
import type { Fault } from '../../experiment/faults/fault.ts';
import { possibilitiesOf } from '../../experiment/faults/possible.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { good, mistaken, textOrFlag } from '../cli/reading.ts';
import { unknownWord } from '../cli/suggest.ts';

const names = (which: readonly Fault[]): string => which.map(({ name }) => name).join(', ');
const byNameOnly = faults.filter(({ selection }) => selection === 'named');

/** Undefined where no fault is to be done. Each once, in the order in which they were named. */
const chosen = textOrFlag<readonly Fault[] | undefined>((typed) => {
  if (typed === undefined) return good(undefined);
  if (typed === true) return good(mainFaults);
  const wanted = [...new Set(typed.split(',').map((word) => word.trim()))];
  const known = faults.map(({ name }) => name);
  const strange = wanted.filter((word) => !known.includes(word));
  if (strange.length > 0) return mistaken(...strange.map((word) => unknownWord('fault', word, known)));
  return good(wanted.flatMap((word) => faults.find(({ name }) => name === word) ?? []));
});

export const faultsOption = {
  flags: '--faults [NAME,…]',
  description: `break things on purpose and look at what becomes of the sessions, instead of comparing speed. Default: ${names(mainFaults)}. By name only: ${names(byNameOnly)}`,
  schema: chosen,
} as const;

export const faultsMistakes = (
  wanted: readonly Fault[],
  strategies: readonly Strategy[] | undefined,
): readonly string[] => (strategies === undefined ? [] : nothingPossible(wanted, strategies));

/** That some cannot be done is said before the start, and is no mistake unless nothing is left to do. */
function nothingPossible(wanted: readonly Fault[], strategies: readonly Strategy[]): readonly string[] {
  const all = possibilitiesOf(wanted, strategies);
  if (all.some(({ able }) => able.length > 0)) return [];
  const reasons = all.flatMap(({ fault, impossible }) =>
    Object.entries(impossible).map(
      ([strategy, why]) => `${fault.name} cannot be done to ${strategy}: ${why}`,
    ),
  );
  return [`--faults leaves nothing to do: ${reasons.join('; ')}. Name other faults or strategies.`];
}
