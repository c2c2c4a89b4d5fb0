/** Amounts as people type them, `2e6`, `2M`, `500k`, and how large each may be: for the terminal and the page alike. */
import type { Wishes } from './wishes.ts';

export interface Amount {
  /** As it stands behind "is not". */
  readonly what: string;
  readonly least: number;
  readonly most: number;
  readonly isWhole?: true;
  readonly example: string;
}

const large = 'for example 5000, 5k or 2e6';

export const amountsWished = {
  sessions: { what: 'a number of sessions', least: 1, most: 1e10, isWhole: true, example: large },
  logins: { what: 'a number of sessions made per second', least: 0.001, most: 1e7, example: large },
  rate: { what: 'a rate', least: 0.001, most: 1e8, example: large },
  payload: { what: 'a payload in bytes', least: 0, most: 1e6, example: large },
  p99: { what: 'a time in milliseconds', least: 0.001, most: 1e9, example: 'for example 50' },
  budget: { what: 'a budget', least: 0.01, most: 1e12, example: large },
  utilisation: { what: 'a share', least: 0.05, most: 0.95, example: 'for example 0.6' },
  coreFactor: { what: 'a factor', least: 0.05, most: 20, example: 'for example 1.5' },
} as const satisfies Record<string, Amount>;

/** What a text means, or every mistake in it. */
export type AmountRead<Value> =
  | { readonly status: 'ok'; readonly value: Value }
  | { readonly status: 'mistakes'; readonly mistakes: readonly string[] };

const powers: Readonly<Record<string, number>> = { '': 0, k: 3, m: 6, g: 9 };
const pattern = /^(?<digits>\d+\.?\d*|\.\d+)(?:e\+?(?<power>\d{1,2}))?(?<suffix>[kmg]?)$/i;

/** Not a number where it is none. */
export function amountIn(typed: string): number {
  const { digits = '', power = '0', suffix = '' } = pattern.exec(typed.trim())?.groups ?? {};
  // Read at once, and not multiplied: 2.3M are 2300000, to the last digit.
  return digits === ''
    ? Number.NaN
    : Number(`${digits}e${Number(power) + (powers[suffix.toLowerCase()] ?? 0)}`);
}

const thousands = /^\d{1,3}(,\d{3})+(\.\d+)?$/;
const withoutCommas = (typed: string): string => typed.replaceAll(',', '').trim();

const mistaken = (...mistakes: readonly string[]): AmountRead<never> => ({ status: 'mistakes', mistakes });

export function readAmount(typed: string, amount: Amount): AmountRead<number> {
  const { what, least, most, isWhole = false, example } = amount;
  const value = amountIn(typed);
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value)))
    return { status: 'ok', value };
  if (thousands.test(typed.trim()))
    return mistaken(`"${typed}" is not ${what}; write it without commas: ${withoutCommas(typed)}`);
  const number = isWhole ? 'a whole number' : 'a number';
  return mistaken(`"${typed}" is not ${what}; give ${number} from ${least} to ${most}, ${example}`);
}

/** One rate, or low, likely and high, separated by commas. */
export function readRates(typed: string): AmountRead<Wishes['rate']> {
  const readings = typed.split(',').map((each) => readAmount(each, amountsWished.rate));
  const mistakes = readings.flatMap((each) => (each.status === 'mistakes' ? each.mistakes : []));
  const values = readings.flatMap((each) => (each.status === 'ok' ? [each.value] : []));
  const isOneOrThree = readings.length === 1 || readings.length === 3;
  if (thousands.test(typed.trim()) && (mistakes.length > 0 || !isOneOrThree))
    return mistaken(
      `"${typed}" is not a rate: a comma separates low, likely and high, as in 1000,5000,8000; write ${withoutCommas(typed)} for one number`,
    );
  if (mistakes.length > 0) {
    const hint = readings.length > 1 ? '; a comma separates low, likely and high' : '';
    return mistaken(...new Set(mistakes.map((each) => `${each}${hint}`)));
  }
  if (!isOneOrThree)
    return mistaken(`"${typed}": give one number, or three: low, likely and high, as 1000,5000,8000`);
  const [low = 0, likely = low, high = likely] = values;
  if (low > likely || likely > high) return mistaken(`"${typed}": the three must rise: low, likely, high`);
  return { status: 'ok', value: { low, likely, high } };
}
