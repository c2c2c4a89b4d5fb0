/** Numbers as an advice tells them. */

const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const about = (value: number): string => significant.format(value);
export const wholeNumber = (value: number): string => whole.format(value);

/** `412 USD`; with cents below ten. */
export const money = (value: number, currency: string): string =>
  `${value < 10 ? value.toFixed(2) : whole.format(value)} ${currency}`;

/** `106.50 USD`, `16,790 JPY`: what is wished, of which nothing is rounded away but less than a cent. */
export const wishedMoney = (value: number, currency: string): string =>
  `${value.toLocaleString('en', { minimumFractionDigits: Number.isInteger(value) ? 0 : 2, maximumFractionDigits: 2 })} ${currency}`;

/** `1 session`, `2,000 sessions`. */
export const sessionsWords = (count: number): string =>
  `${about(count)} ${count === 1 ? 'session' : 'sessions'}`;

/** `1.7 KB`, `4.7 GB`; powers of ten. */
export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  return `${significant.format(value / 1000 ** power)} ${units[power]}`;
}

/** `1.3 times as much`, `0.4 times as much`. */
export const times = (value: number): string => `${significant.format(value)} times`;
