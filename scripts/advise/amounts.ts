/** Amounts and times as options take them: `2e6`, `2M`, `500k`, `24h`. */
import type { z } from 'zod';
import { type Amount, readAmount, readRates } from '../../advice/wishes/amounts.ts';
import type { Wishes } from '../../advice/wishes/wishes.ts';
import { good, mistaken, text } from '../cli/reading.ts';

export const amount = (of: Amount): z.ZodType<number> => text((typed) => readAmount(typed, of));

/** One number, or low, likely and high, separated by commas. */
export const rates: z.ZodType<Wishes['rate']> = text(readRates);

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
