import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export const MAX_SEED = 2 ** 31 - 1;

export function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1)).reduce((_, word) => word & MAX_SEED, 0);
}

/** Gives `count` orders of the same items, each a Fisher-Yates shuffle (Durstenfeld 1964), the same for the same seed. */
export function shuffledOrders<Item>(
  items: readonly Item[],
  count: number,
  seed: number,
): readonly (readonly Item[])[] {
  const generator = xoroshiro128plus(seed);
  return Array.from({ length: count }, () => {
    const order = [...items];
    for (let last = order.length - 1; last > 0; last--) {
      const chosen = uniformInt(generator, 0, last);
      const [a, b] = [order[last], order[chosen]];
      if (a === undefined || b === undefined) continue;
      order[last] = b;
      order[chosen] = a;
    }
    return order;
  });
}
