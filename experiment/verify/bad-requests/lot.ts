/** Everything of a bad request that is drawn by lot: the same for the same seed and index, whatever was drawn before. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Neighbouring indexes give generators that differ in every bit (Knuth's multiplicative hash). */
const GOLDEN = 0x9e3779b1;
/** The first numbers of generators with like seeds are alike. */
const DISCARDED = 8;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export class Lot {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  /** @param seed and @param index are whole numbers from 0 */
  constructor(seed: number, index: number) {
    this.#generator = xoroshiro128plus((seed ^ Math.imul(index + 1, GOLDEN)) | 0);
    for (let drawn = 0; drawn < DISCARDED; drawn += 1) this.#generator.next();
  }

  /** From 0 to one less than the bound. */
  below(bound: number): number {
    return uniformInt(this.#generator, 0, bound - 1);
  }

  /** @param high is among them */
  between(low: number, high: number): number {
    return uniformInt(this.#generator, low, high);
  }

  /** @param items at least one */
  oneOf<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0];
  }

  /** True in so many of a hundred. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** Letters, digits, `-` and `_`. */
  letters(count: number): string {
    return Array.from({ length: count }, () => LETTERS.charAt(this.below(LETTERS.length))).join('');
  }

  /** Any bytes, as Latin-1. */
  bytes(count: number): string {
    return Array.from({ length: count }, () => String.fromCharCode(this.below(256))).join('');
  }
}
