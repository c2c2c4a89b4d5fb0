/** The prices of a book in its currency, by what they are for. */
import type { PriceBook, PriceEntry } from './book.ts';

/** Hours of a month, as providers count. */
export const hoursOfMonth = 730;
export const secondsOfMonth = hoursOfMonth * 3600;
/** Prices that were read longer ago are told. */
export const freshDays = 180;

export interface Priced {
  readonly id: string;
  /** Of one unit, in the currency of the book. */
  readonly price: number;
}

export interface Prices {
  readonly title: string;
  readonly currency: string;
  readonly vcpuHour: Priced;
  readonly gibHour: Priced & { readonly usableMemory: number };
  readonly diskGbMonth: Priced;
  readonly balancerHour: Priced;
  readonly balancerGb: Priced;
  readonly zoneTrafficGib: Priced;
  readonly sizes: PriceBook['sizes'];
  readonly managed: readonly ManagedNode[];
}

export interface ManagedNode extends Priced {
  readonly runs: readonly string[];
  readonly vcpus: number;
  /** Share of its vCPUs that may be used all the time. */
  readonly steadyShare: number;
  readonly memoryGiB: number;
  readonly usableMemory: number;
  /** Of its disk; null where it has none. */
  readonly diskGbMonth: number | null;
}

/** @throws Error when the book was not read by `parseBook` */
export function pricesOf(book: PriceBook): Prices {
  const inOwn = (entry: PriceEntry): number => entry.price * rateOf(book, entry);
  const one = <Unit extends PriceEntry['unit']>(unit: Unit): Extract<PriceEntry, { unit: Unit }> => {
    const found = book.entries.find(
      (each): each is Extract<PriceEntry, { unit: Unit }> => each.unit === unit,
    );
    if (found === undefined) throw new Error(`the price book has no ${unit}`);
    return found;
  };
  const priced = (unit: PriceEntry['unit']): Priced => ({ id: one(unit).id, price: inOwn(one(unit)) });
  return {
    title: book.title,
    currency: book.currency,
    vcpuHour: priced('vcpu-hour'),
    gibHour: { ...priced('gib-hour'), usableMemory: one('gib-hour').usableMemory },
    diskGbMonth: priced('disk-gb-month'),
    balancerHour: priced('balancer-hour'),
    balancerGb: priced('balancer-gb'),
    zoneTrafficGib: priced('zone-traffic-gib'),
    sizes: book.sizes,
    managed: book.entries.flatMap((entry) => {
      if (entry.unit !== 'managed-node-hour') return [];
      const { id, runs, vcpus, steadyShare = 1, memoryGiB, usableMemory, diskGbMonth } = entry;
      const disk = diskGbMonth === undefined ? null : diskGbMonth * rateOf(book, entry);
      return [
        { id, price: inOwn(entry), runs, vcpus, steadyShare, memoryGiB, usableMemory, diskGbMonth: disk },
      ];
    }),
  };
}

function rateOf(book: PriceBook, entry: PriceEntry): number {
  if (entry.currency === undefined || entry.currency === book.currency) return 1;
  const rate = book.rates?.[entry.currency];
  if (rate === undefined) throw new Error(`the price book has no rate for ${entry.currency}`);
  return rate.value;
}

const millisecondsOfDay = 86_400_000;

export const daysBetween = (from: string, to: string): number =>
  Math.floor((Date.parse(to) - Date.parse(from)) / millisecondsOfDay);

/** What a reader should know of the age of prices; empty where all were read in the last 180 days. @param today as `2026-11-26` */
export function agesOf(book: PriceBook, today: string): readonly string[] {
  const rates = Object.entries(book.rates ?? {});
  const dated = [
    ...book.entries.map(({ id, asOf }) => ({ id, asOf })),
    ...rates.map(([id, { asOf }]) => ({ id: `rate of ${id}`, asOf })),
  ];
  const old = dated.filter(({ asOf }) => daysBetween(asOf, today) > freshDays);
  const [oldest] = old.toSorted((a, b) => (a.asOf < b.asOf ? -1 : 1));
  if (oldest === undefined) return [];
  return [
    `${old.length} of ${dated.length} ${rates.length === 0 ? 'prices' : 'prices and rates'} are older than ${freshDays} days, the oldest (${oldest.id}) of ${oldest.asOf}: prices drift, so look them up and give your own book with --prices.`,
  ];
}
