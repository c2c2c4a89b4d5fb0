/** Counts as people read them, with the noun in its form: the one place that makes plurals. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const formatCount = (value: number): string => whole.format(value);

/** The noun alone: `trial` for 1, else `trials`. */
export const nounFor = (value: number, noun: string, plural = `${noun}s`): string =>
  value === 1 ? noun : plural;

/** `1 request/s`, `2 requests/s`: the noun of the number that is seen. */
export const perSecond = (value: number, noun: string): string =>
  `${formatCount(value)} ${nounFor(Math.round(value), noun)}/s`;

/** `1 trial`, `2 trials`. @param plural where an s does not make it */
export const counted = (value: number, noun: string, plural?: string): string =>
  `${formatCount(value)} ${nounFor(value, noun, plural)}`;
