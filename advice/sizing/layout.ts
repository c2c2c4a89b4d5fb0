/** How many servers of which size carry a load at the least price, and what they are for: the one place that counts nodes. */

export interface ServerSize {
  /** `2 vCPU, 4 GiB`, or the provider's name. */
  readonly label: string;
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** What sessions and processes may take, in bytes. */
  readonly usableBytes: number;
  readonly perHour: number;
  /** Ids of the entries that the price is made of. */
  readonly entries: readonly string[];
}

/** What all servers of a tier carry together. */
export interface TierLoad {
  /** Cores of the machine that was measured, all their time. */
  readonly cores: number;
  readonly bytes: number;
  /** Requests per second. */
  readonly rate: number;
}

export interface TierRules {
  readonly fewest: number;
  /** 1 where one server holds all. */
  readonly most: number;
  /** Cores of a server that its process can use; null: all. */
  readonly coresUsed: number | null;
  /** Measured cores that a vCPU stands for at the utilisation that is aimed at. */
  readonly coresOfVcpu: number;
  /** What each server needs before its first session, in bytes. */
  fixedBytes(size: ServerSize): number;
  /** Requests per second of one server beyond which there is no number; more servers then stay within it. */
  testedRate(size: ServerSize): number;
}

/** What decides how many servers there are. `fewest`: the smallest there is does. `tested`: no more was measured of one app process. */
export type Bound = 'cpu' | 'memory' | 'tested' | 'fewest';

export interface Layout {
  readonly kind: 'layout';
  readonly size: ServerSize;
  readonly servers: number;
  readonly bound: Bound;
  /** Servers of this size that each need would take, not rounded. */
  readonly by: Counts;
  readonly perHour: number;
}

export type Counts = Readonly<Record<Exclude<Bound, 'fewest'>, number>>;

/** No servers of the sizes that there are carry it. */
export interface Overflow {
  readonly kind: 'overflow';
  readonly bound: keyof Counts;
  /** Of the largest size. */
  readonly largest: ServerSize | null;
  /** Servers of that size that it would take. */
  readonly wanted: number;
}

export function layoutFor(load: TierLoad, sizes: readonly ServerSize[], rules: TierRules): Layout | Overflow {
  const fitting = sizes.flatMap((size) => layoutOn(size, load, rules) ?? []);
  const [best] = fitting.toSorted(
    (a, b) => a.perHour - b.perHour || a.servers - b.servers || a.size.vcpus - b.size.vcpus,
  );
  if (best === undefined) return overflowOf(load, sizes, rules);
  const smallest = Math.min(...sizes.map(({ perHour }) => perHour));
  const isSmallest = best.servers === rules.fewest && best.size.perHour === smallest;
  return isSmallest ? { ...best, bound: 'fewest' } : best;
}

/** Null where it takes more servers than there may be. */
function layoutOn(size: ServerSize, load: TierLoad, rules: TierRules): Layout | null {
  const by = countsOn(size, load, rules);
  const servers = Math.max(rules.fewest, wholeOf(by.cpu), wholeOf(by.memory), wholeOf(by.tested));
  if (servers > rules.most) return null;
  return { kind: 'layout', size, servers, bound: tightest(by), by, perHour: servers * size.perHour };
}

/** Servers by each need, not rounded. */
function countsOn(size: ServerSize, load: TierLoad, rules: TierRules): Counts {
  const room = size.usableBytes - rules.fixedBytes(size);
  return {
    cpu: load.cores / (Math.min(size.vcpus, rules.coresUsed ?? size.vcpus) * rules.coresOfVcpu),
    memory: room > 0 ? load.bytes / room : Number.POSITIVE_INFINITY,
    tested: load.rate / rules.testedRate(size),
  };
}

const inOrder = ['cpu', 'memory', 'tested'] as const;

const tightest = (by: Counts): keyof Counts =>
  inOrder.reduce((most, each) => (by[each] > by[most] ? each : most));

/** What rounding left above a whole number is no server more. */
const wholeOf = (count: number): number => Math.ceil(count - 1e-9);

function overflowOf(load: TierLoad, sizes: readonly ServerSize[], rules: TierRules): Overflow {
  const [largest = null] = sizes.toSorted((a, b) => b.usableBytes - a.usableBytes || b.vcpus - a.vcpus);
  if (largest === null)
    return { kind: 'overflow', bound: 'memory', largest, wanted: Number.POSITIVE_INFINITY };
  const by = countsOn(largest, load, rules);
  const bound = tightest(by);
  return { kind: 'overflow', bound, largest, wanted: wholeOf(by[bound]) };
}
