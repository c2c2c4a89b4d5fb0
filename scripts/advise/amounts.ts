/** Large numbers and times as people type them: `2e6`, `2M`, `500k`, `24h`. */
import type { z } from 'zod';
import { good, mistaken, type Reading, text } from '../cli/reading.ts';

const suffixes: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };
const amountPattern = /^(?<digits>\d+(?:\.\d+)?(?:e\+?\d{1,2})?)(?<suffix>[kmg]?)$/i;

/** Not a number where it is none. */
function amountIn(typed: string): number {
  const { digits = '', suffix = '' } = amountPattern.exec(typed.trim())?.groups ?? {};
  return digits === '' ? Number.NaN : Number(digits) * (suffixes[suffix.toLowerCase()] ?? Number.NaN);
}

function amountBetween(what: string, min: number, max: number) {
  return (typed: string): Reading<number> => {
    const value = amountIn(typed);
    if (value >= min && value <= max) return good(value);
    return mistaken(
      `"${typed}" is not ${what}; give a number from ${min} to ${max}, for example 5000, 5k or 2e6`,
    );
  };
}

export const amount = (what: string, min: number, max: number): z.ZodType<number> =>
  text(amountBetween(what, min, max));

export interface Range {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** One number, or low, likely and high, separated by commas. */
export function amounts(what: string, min: number, max: number): z.ZodType<Range> {
  const read = amountBetween(what, min, max);
  return text<Range>((typed) => {
    const readings = typed.split(',').map(read);
    const mistakes = readings.flatMap((each) => (each.status === 'mistakes' ? each.mistakes : []));
    if (mistakes.length > 0) return mistaken(...mistakes);
    const values = readings.flatMap((each) => (each.status === 'ok' ? [each.value] : []));
    const [low = 0, likely = low, high = likely] = values;
    if (values.length !== 1 && values.length !== 3)
      return mistaken(`"${typed}": give one number, or three: low, likely and high, as 1000,5000,8000`);
    if (low > likely || likely > high) return mistaken(`"${typed}": the three must rise: low, likely, high`);
    return good({ low, likely, high });
  });
}

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const longestLife = 400 * 86_400;

/** In seconds. */
export const timeSpan: z.ZodType<number> = text((typed) => {
  const { digits = '', unit = '' } =
    /^(?<digits>\d+(?:\.\d+)?)(?<unit>[smhd])$/.exec(typed.trim())?.groups ?? {};
  const seconds = digits === '' ? Number.NaN : Number(digits) * (secondsOf[unit] ?? Number.NaN);
  if (seconds >= 1 && seconds <= longestLife) return good(seconds);
  return mistaken(
    `"${typed}" is not a time; give a number and s, m, h or d, from 1s to 400d, for example 24h`,
  );
});
