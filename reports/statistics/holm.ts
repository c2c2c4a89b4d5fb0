/**
 * Holm's step-down adjustment (Holm 1979, Scand. J. Stat. 6:65): the chance of any false alarm in the family is at most
 * the level, however the tests depend on each other.
 * @param pValues of the family, null where no test could be made; those are no part of the family
 * @returns adjusted values in the same order, null where the input is
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const tested = pValues
    .map((p, index) => ({ p, index }))
    .filter((each): each is { p: number; index: number } => each.p !== null)
    .sort((a, b) => a.p - b.p);
  const adjusted = new Array<number | null>(pValues.length).fill(null);
  let largest = 0;
  tested.forEach(({ p, index }, step) => {
    largest = Math.max(largest, Math.min(1, p * (tested.length - step)));
    adjusted[index] = largest;
  });
  return adjusted;
}
