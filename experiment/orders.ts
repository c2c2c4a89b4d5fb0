/** In which order the trials of a run with blocks are measured. */
import type { Strategy } from '../infra/runtimes/runtime.ts';
import type { SidePair } from '../record/design.ts';
import type { Plan } from './plan.ts';
import { shuffledOrders } from './random.ts';

export type Order = readonly Strategy[];

/**
 * Strategies of each block in random order, the same for the same seed (randomised complete block design). A search has
 * no blocks; it draws an order for each round. A footprint goes from small to large.
 */
export function blockOrders({ design, seed }: Plan, strategies: readonly Strategy[]): readonly Order[] {
  switch (design.kind) {
    case 'blocks':
      return shuffledOrders(strategies, design.blocks, seed);
    case 'sides':
      return shuffledOrders(strategies, design.blocks, seed).map((order) =>
        sidesTogether(order, design.pairs),
      );
    case 'faults': {
      const orders = shuffledOrders(strategies, design.faults.length, seed);
      return design.faults.map(({ able }, index) => {
        const names = new Set(able.map(({ name }) => name));
        return (orders[index] ?? []).filter(({ name }) => names.has(name));
      });
    }
    case 'distance':
      return shuffledOrders(strategies, design.addedMs.length, seed);
    case 'search':
    case 'footprint':
      return [];
  }
}

/** Orders as a run's record keeps them. */
export const namesOf = (orders: readonly Order[]): string[][] =>
  orders.map((order) => order.map(({ name }) => name));

/**
 * The sides of a strategy follow each other, so that they share the moment. They stand where the first of them stood,
 * in the order that they had.
 */
const sidesTogether = (order: Order, pairs: readonly SidePair[]): Order => sidesOfPairs(order, pairs).flat();

/** The sides of each pair in the order that they have; a side is of one pair. */
export function sidesOfPairs(order: Order, pairs: readonly SidePair[]): readonly Order[] {
  const pairOf = ({ name }: Strategy): SidePair | string =>
    pairs.find(({ baseline, candidate }) => baseline === name || candidate === name) ?? name;
  return [...Map.groupBy(order, pairOf).values()];
}
