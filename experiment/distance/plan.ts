/** What a run of distances sets out to do. */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { CONNECTIONS } from '../../infra/services/k6/index.ts';
import { perSecond } from '../../record/counted.ts';
import type { CommonRate } from '../../record/rate.ts';
import { roundTripsOf } from '../../servers/contract/topology.ts';
import type { DistanceDesign, RateChoice } from '../plan.ts';
import { shuffledOrders } from '../random.ts';
import { givenRate } from '../rate.ts';

/** Milliseconds added to each round trip: none, and as in one zone, across zones and across a country. */
export const usualDistances: readonly number[] = [0, 1, 5, 20];

/** Measured seconds of each trial: medians settle soon. */
export const DISTANCE_SECONDS = 2;
/** So few that their logins take no time to speak of, however far the store is. */
export const DISTANCE_SESSIONS = 500;

/** Operations per second that are enough for medians, and far below what any strategy carries. */
const LOW_RATE = 250;
/** Share of the connections that operations may hold at the longest distance, so that none waits for another one. */
const HELD_SHARE = 1 / 3;
/** Seconds that an operation takes beside waiting for round trips: more than it does. */
const OWN_SECONDS = 0.01;

type OnPaper = DistanceDesign['roundTrips'];

/** As its record keeps it. */
export const roundTripsOnPaper = (strategies: readonly Strategy[]): OnPaper =>
  Object.fromEntries(strategies.map(({ name, topology }) => [name, { ...roundTripsOf(topology) }]));

/** Operations per second beyond which the longest distance would fill connections, so that operations wait for each other. */
export function highestRate(addedMs: readonly number[], onPaper: OnPaper): number {
  const trips = Math.max(1, ...Object.values(onPaper).flatMap((each) => Object.values(each)));
  const seconds = (trips * Math.max(...addedMs)) / 1000 + OWN_SECONDS;
  return Math.max(1, Math.floor((HELD_SHARE * CONNECTIONS) / seconds));
}

function lowRate(addedMs: readonly number[], onPaper: OnPaper): CommonRate {
  const value = Math.min(LOW_RATE, highestRate(addedMs, onPaper));
  const explanation = `${perSecond(value, 'operation')}: so few that none waits for another one`;
  return { value, mode: 'auto', explanation, probed: {} };
}

export interface DistanceWishes {
  /** Different, at least two. */
  readonly addedMs: readonly number[];
  /** Blocks at each of them. */
  readonly passes: number;
  readonly rate: RateChoice;
}

/** @param seed of the order: all distances once, in random order, and then once more */
export function distanceDesign(
  { addedMs, passes, rate }: DistanceWishes,
  strategies: readonly Strategy[],
  seed: number,
): DistanceDesign {
  const roundTrips = roundTripsOnPaper(strategies);
  return {
    kind: 'distance',
    rate: rate.mode === 'given' ? givenRate(rate.value) : lowRate(addedMs, roundTrips),
    addedMs: shuffledOrders(addedMs, passes, seed).flat(),
    roundTrips,
  };
}
