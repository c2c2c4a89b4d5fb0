/** Tables of the simulations, in Markdown. */
import { clopperPearson } from '../statistics/distributions/beta.ts';

export const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

export const percent = (share: number, digits: number): string => (share * 100).toFixed(digits);

/** `0.12 % (0.02–0.35)`: the share and its exact 95 % interval. */
export function withInterval(hits: number, trials: number, digits: number): string {
  const { low, high } = clopperPearson(hits, trials);
  return `${percent(hits / trials, digits)} % (${percent(low, digits)}–${percent(high, digits)})`;
}
