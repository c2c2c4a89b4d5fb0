/** The rate that all strategies of a run are offered. */
import { formatCount, perSecond } from '../record/counted.ts';
import type { CommonRate } from '../record/rate.ts';
import type { Burst } from './burst.ts';

/** Room that the slowest strategy keeps: queues stay short at half of the capacity (utilisation law, M/M/1). */
const SHARE_OF_SLOWEST = 0.5;

/**
 * Of several that are driven at once, all together. Processes of each wake up for few requests at a time, which costs twice what
 * a closed loop does: at half of its rate the apps' core was full, and a tenth more CPU time doubled the median read
 * (docs/measurements/2026-11-26-self-test.md).
 */
const SHARE_TOGETHER = 0.3;

/** Two significant digits, downwards: a rate that a person can remember. */
export function roundDown(rate: number): number {
  if (rate < 1) return 1;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(rate)) - 1);
  return Math.max(1, Math.floor(rate / unit) * unit);
}

/** Operations per second where every strategy fails in its burst: enough for the trials to show how. */
const BLIND_RATE = 100;

/**
 * `--rate auto`: what every strategy that answers sustains with room. One that fails sets no rate: how fast it fails is no
 * throughput.
 * @param together how many are driven at the same time, each at this rate: they share the room
 * @throws Error when nothing is known of any strategy
 */
export function chooseRate(bursts: readonly Burst[], together = 1): CommonRate {
  const answered = bursts.filter((burst) => burst.status === 'answered').filter(({ rate }) => rate > 0);
  const probed = Object.fromEntries(answered.map(({ strategy, rate }) => [strategy, Math.round(rate)]));
  const [first, ...others] = answered;
  if (!first) return blindRate(bursts);
  const slowest = others.reduce((least, each) => (least.rate <= each.rate ? least : each), first);
  const value = roundDown((slowest.rate * (together === 1 ? SHARE_OF_SLOWEST : SHARE_TOGETHER)) / together);
  return {
    value,
    mode: 'auto',
    probed,
    explanation:
      `${perSecond(value, 'operation')}: ${shareWords(together)} the slowest strategy (${slowest.strategy}, ${formatCount(slowest.rate)}/s) ` +
      'gave in a closed loop, rounded down',
  };
}

const shareWords = (together: number): string =>
  together === 1
    ? 'half of what'
    : `for each of ${together} that are driven at once their part of ${SHARE_TOGETHER * 100} % of what`;

function blindRate(bursts: readonly Burst[]): CommonRate {
  if (!bursts.some(({ status }) => status === 'unanswered'))
    throw new Error('no strategy answered a single request, so no common rate could be found');
  return {
    value: BLIND_RATE,
    mode: 'auto',
    probed: {},
    explanation: `${perSecond(BLIND_RATE, 'operation')}: no strategy answered enough in a closed loop to find a common rate`,
  };
}

export const givenRate = (value: number): CommonRate => ({
  value,
  mode: 'given',
  explanation: `${perSecond(value, 'operation')}, as given on the command line`,
  probed: {},
});
