/** The rate that all strategies of a run are offered. */
import type { CommonRate } from '../record/rate.ts';

/** Room that the slowest strategy keeps: queues stay short at half of the capacity (utilisation law, M/M/1). */
const SHARE_OF_SLOWEST = 0.5;

/** Two significant digits, downwards: a rate that a person can remember. */
export function roundDown(rate: number): number {
  if (rate < 1) return 1;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(rate)) - 1);
  return Math.max(1, Math.floor(rate / unit) * unit);
}

/**
 * `--rate auto`: what every strategy sustains with room.
 * @param bursts requests per second that each strategy gave in a closed loop, by name
 * @throws Error when no strategy gave an answer
 */
export function chooseRate(bursts: Readonly<Record<string, number>>): CommonRate {
  const answered = Object.entries(bursts).filter(([, rate]) => rate > 0);
  const slowest = answered.reduce<[string, number] | null>(
    (least, each) => (least && least[1] <= each[1] ? least : each),
    null,
  );
  if (!slowest) throw new Error('no strategy answered a single request, so no common rate could be found');
  const value = roundDown(slowest[1] * SHARE_OF_SLOWEST);
  return {
    value,
    mode: 'auto',
    probed: Object.fromEntries(Object.entries(bursts).map(([name, rate]) => [name, Math.round(rate)])),
    explanation:
      `${value} operations/s: half of what the slowest strategy (${slowest[0]}, ${Math.round(slowest[1])}/s) ` +
      'gave in a closed loop, rounded down',
  };
}

export const givenRate = (value: number): CommonRate => ({
  value,
  mode: 'given',
  explanation: `${value} operations/s, as given on the command line`,
  probed: {},
});
