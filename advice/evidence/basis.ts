/** Where a number comes from. Every number of an advice has one of these. */

export type Basis =
  | { readonly kind: 'measured'; readonly run: string }
  /** Up to twice the range that was tested. */
  | { readonly kind: 'scaled'; readonly run: string; readonly tested: Tested }
  /** From twice to four times that range. */
  | { readonly kind: 'extrapolated'; readonly run: string; readonly tested: Tested; readonly times: number }
  /** Beyond four times that range, as far as a line has foretold what it was not made of. */
  | {
      readonly kind: 'line';
      readonly run: string;
      readonly tested: Tested;
      readonly times: number;
      readonly foretold: Foretold;
    }
  /** Ids of entries of the price book. */
  | { readonly kind: 'priced'; readonly entries: readonly string[] }
  /** Known from how a server is built and set; nobody has seen it here. */
  | { readonly kind: 'on-paper'; readonly command: string }
  | { readonly kind: 'assumed'; readonly what: string }
  /** More than four times what was tested, or not tested at all: then there is no number. */
  | ({ readonly kind: 'none'; readonly what: string } & Remedy);

/** What would measure it. */
export interface Remedy {
  readonly command: string;
  /** The machine that it takes; null: any. */
  readonly on: Room | null;
}

export interface Room {
  /** What is measured there. */
  readonly of: 'rate' | 'sessions';
  /** To stand in a sentence behind the command. */
  readonly words: string;
  /** Cores, or GiB: of two machines for one command the larger counts. */
  readonly least: number;
}

export const remedyOf = ({ command, on }: Remedy): Remedy => ({ command, on });

export interface Tested {
  readonly from: number;
  readonly to: number;
  /** `sessions`, `requests/s for each server`. */
  readonly unit: string;
}

/** How a line did that was made of all numbers but the largest. */
export interface Foretold {
  /** The largest number over the largest of those that the line was made of. */
  readonly times: number;
  /** Predicted over measured, less 1. */
  readonly error: number;
}

/** Beyond so many times the tested range a number is told as extrapolated. */
export const scaledTimes = 2;
/** Beyond so many times the tested range there is no number, unless a line carries further. */
export const mostTimes = 4;
/** A line carries as far as it has foretold, and no further than this. */
export const mostForetoldTimes = 10;

/** How many times what was tested there is a number for. */
export const reachOf = (line: Foretold | null): number =>
  line === null ? mostTimes : Math.max(mostTimes, Math.min(line.times, mostForetoldTimes));

/** What was measured: to what, by which run, and the line through it, if there is one that carries. */
export interface Grounded {
  readonly tested: Tested;
  readonly run: string;
  readonly line: Foretold | null;
}

/**
 * What a number is that is used for `wanted` and was measured up to `tested.to`. Less than was tested needs no more than
 * that did: such a number is scaled, never extrapolated.
 */
export function basisFor(wanted: number, { tested, run, line }: Grounded, remedy: () => Remedy): Basis {
  // What was just inside by its arithmetic must not be outside by its rounding.
  const times = (wanted / tested.to) * (1 - 1e-9);
  if (times > reachOf(line))
    return {
      kind: 'none',
      what: `${round(wanted)} ${tested.unit} are ${round(times)} times what was tested (${round(tested.to)})`,
      ...remedy(),
    };
  if (times > mostTimes && line !== null) return { kind: 'line', run, tested, times, foretold: line };
  if (times > scaledTimes) return { kind: 'extrapolated', run, tested, times };
  return times <= 1 && wanted >= tested.from ? { kind: 'measured', run } : { kind: 'scaled', run, tested };
}

const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const round = (value: number): string => significant.format(value);

const doubt: Readonly<Record<Basis['kind'], number>> = {
  measured: 0,
  scaled: 1,
  priced: 2,
  'on-paper': 3,
  assumed: 4,
  extrapolated: 5,
  line: 6,
  none: 7,
};

/** A number that rests on several is as doubtful as the most doubtful of them. */
export const mostDoubtful = (first: Basis, ...others: readonly Basis[]): Basis =>
  others.reduce((worst, each) => (doubt[each.kind] > doubt[worst.kind] ? each : worst), first);

/** Of several ways to the same number the surest. */
export const leastDoubtful = (first: Basis, ...others: readonly Basis[]): Basis =>
  others.reduce((best, each) => (doubt[each.kind] < doubt[best.kind] ? each : best), first);
