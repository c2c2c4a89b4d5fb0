/** How many servers of which size carry a load at the least price, and what they are for: the one place that counts nodes. */

export interface ServerSize {
  /** `2 vCPU, 4 GiB`, or the provider's name. */
  readonly label: string;
  readonly vcpus: number;
  /** Share of its vCPUs that may be used all the time: below 1 where the provider lends more than it gives. */
  readonly steadyShare: number;
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
  /** That live in the tier. */
  readonly sessions: number;
}

export interface TierRules {
  readonly fewest: number;
  /** 1 where one server holds all. */
  readonly most: number;
  /** Cores of a server that its process can use; null: all. */
  readonly coresUsed: number | null;
  /** How busy a server may be, as a share. */
  readonly utilisation: number;
  /** Measured cores that a vCPU stands for. */
  readonly coreFactor: number;
  /** What may be away while the others carry all of the CPU time, as busy as `mostBusy`: nothing, one server, or one of two zones. */
  readonly away: 'none' | 'server' | 'zone';
  /** What each server needs before its first session, in bytes. */
  fixedBytes(size: ServerSize): number;
  /** Requests per second of one server beyond which there is no number; some more servers may stay within it. */
  testedRate(size: ServerSize): number;
  /** The same of the sessions of one server. */
  testedSessions(size: ServerSize): number;
}

/**
 * Servers that there may be for the only reason that no more was tested of one, over the least that the load takes: with more, one
 * would pay for want of a measurement. Not by how busy servers may be, so that idler ones are no way into reach.
 */
const mostForTested = 2;

/** How busy servers may be while others are away, as a share. */
export const mostBusy = 0.95;

/** What decides how many servers there are. `fewest`: the smallest there is does. `tested`: no more was measured of one server. */
export type Bound = 'cpu' | 'memory' | 'tested' | 'fewest';

export interface Layout {
  readonly kind: 'layout';
  readonly size: ServerSize;
  readonly servers: number;
  readonly bound: Bound;
  /** Servers of this size that each need would take, not rounded. */
  readonly by: Counts;
  readonly perHour: number;
  /** Whether each of them stays within what was tested; else so would only many more of them than the load wants. */
  readonly inReach: boolean;
  /** Servers of this size that the load takes at the least: all of their CPU time used. Not rounded. */
  readonly least: number;
}

export type Counts = Readonly<Record<Exclude<Bound, 'fewest'>, number>>;

/** No servers of the sizes that there are carry it. */
export interface Overflow {
  readonly kind: 'overflow';
  /** Of the largest size. */
  readonly largest: ServerSize | null;
  /** Servers of that size that each need would take, not rounded. */
  readonly by: Counts;
}

export function layoutFor(load: TierLoad, sizes: readonly ServerSize[], rules: TierRules): Layout | Overflow {
  const fitting = sizes.flatMap((size) => layoutOn(size, load, rules) ?? []);
  const reached = fitting.filter(({ inReach }) => inReach);
  const [best] = (reached.length > 0 ? reached : fitting).toSorted(
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
  const least = Math.max(rules.fewest, load.cores / coresOf(size, rules, 1), by.memory);
  const inReach = by.tested <= mostForTested * least + 1e-9;
  const wanted = { ...by, tested: inReach ? by.tested : 0 };
  const needed = Math.max(rules.fewest, ...Object.values(wanted).map(wholeOf));
  const servers = withAway(needed, wholeOf(load.cores / coresOf(size, rules, mostBusy)), rules);
  if (servers > rules.most) return null;
  const bound = tightest(wanted);
  return { kind: 'layout', size, servers, bound, by, perHour: servers * size.perHour, inReach, least };
}

/** @param left servers that must be left */
function withAway(needed: number, left: number, { away }: TierRules): number {
  switch (away) {
    case 'none':
      return needed;
    case 'server':
      return Math.max(needed, left + 1);
    case 'zone':
      return 2 * Math.max(Math.ceil(needed / 2), left);
  }
}

/** Measured cores that one server stands for when it is so busy. */
const coresOf = (
  { vcpus, steadyShare }: ServerSize,
  { coresUsed, coreFactor }: TierRules,
  utilisation: number,
): number => Math.min(Math.min(vcpus, coresUsed ?? vcpus) * utilisation, vcpus * steadyShare) * coreFactor;

/** Servers by each need, not rounded. */
function countsOn(size: ServerSize, load: TierLoad, rules: TierRules): Counts {
  const room = size.usableBytes - rules.fixedBytes(size);
  return {
    cpu: load.cores / coresOf(size, rules, rules.utilisation),
    memory: room > 0 ? load.bytes / room : Number.POSITIVE_INFINITY,
    tested: Math.max(load.rate / rules.testedRate(size), load.sessions / rules.testedSessions(size)),
  };
}

/** `tested` where it alone makes more servers than the other needs do. */
function tightest(by: Counts): keyof Counts {
  const need = by.memory > by.cpu ? 'memory' : 'cpu';
  return wholeOf(by.tested) > wholeOf(by[need]) ? 'tested' : need;
}

/** What rounding left above a whole number is no server more. */
export const wholeOf = (count: number): number => Math.ceil(count - 1e-9);

function overflowOf(load: TierLoad, sizes: readonly ServerSize[], rules: TierRules): Overflow {
  const [largest = null] = sizes.toSorted((a, b) => b.usableBytes - a.usableBytes || b.vcpus - a.vcpus);
  if (largest !== null) return { kind: 'overflow', largest, by: countsOn(largest, load, rules) };
  const endless = Number.POSITIVE_INFINITY;
  return { kind: 'overflow', largest, by: { cpu: endless, memory: endless, tested: endless } };
}
