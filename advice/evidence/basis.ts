/** Where a number comes from. Every number of an advice has one of these. */

export type Basis =
  | { readonly kind: 'measured'; readonly run: string }
  /** Up to twice the range that was tested. */
  | { readonly kind: 'scaled'; readonly run: string; readonly tested: Tested }
  /** From twice to four times that range. */
  | { readonly kind: 'extrapolated'; readonly run: string; readonly tested: Tested; readonly times: number }
  /** Ids of entries of the price book. */
  | { readonly kind: 'priced'; readonly entries: readonly string[] }
  /** Known from how a server is built and set; nobody has seen it here. */
  | { readonly kind: 'on-paper'; readonly command: string }
  | { readonly kind: 'assumed'; readonly what: string }
  /** More than four times what was tested, or not tested at all: then there is no number. */
  | { readonly kind: 'none'; readonly what: string; readonly command: string };

export interface Tested {
  readonly from: number;
  readonly to: number;
  /** `sessions`, `requests/s for each server`. */
  readonly unit: string;
}

/** Beyond so many times the tested range a number is told as extrapolated. */
export const scaledTimes = 2;
/** Beyond so many times the tested range there is no number. */
export const mostTimes = 4;

/**
 * What a number is that is used for `wanted` and was measured up to `tested.to`. Less than was tested needs no more than
 * that did: such a number is scaled, never extrapolated.
 */
export function basisFor(wanted: number, tested: Tested, run: string, command: string): Basis {
  // What was just inside by its arithmetic must not be outside by its rounding.
  const times = (wanted / tested.to) * (1 - 1e-9);
  if (times > mostTimes)
    return {
      kind: 'none',
      what: `${round(wanted)} ${tested.unit} are ${round(times)} times what was tested (${round(tested.to)})`,
      command,
    };
  if (times > scaledTimes) return { kind: 'extrapolated', run, tested, times };
  return times <= 1 && wanted >= tested.from ? { kind: 'measured', run } : { kind: 'scaled', run, tested };
}

const round = (value: number): string =>
  new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(value);

const doubt: Readonly<Record<Basis['kind'], number>> = {
  measured: 0,
  scaled: 1,
  priced: 2,
  'on-paper': 3,
  assumed: 4,
  extrapolated: 5,
  none: 6,
};

/** A number that rests on several is as doubtful as the most doubtful of them. */
export const mostDoubtful = (first: Basis, ...others: readonly Basis[]): Basis =>
  others.reduce((worst, each) => (doubt[each.kind] > doubt[worst.kind] ? each : worst), first);
