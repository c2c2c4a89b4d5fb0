/** What an option costs a month, line by line. Lines are whole cents, and the sum is of the lines. */

import type { Workload } from '../../record/workload.ts';
import type { Basis } from '../evidence/basis.ts';
import { hoursOfMonth, type Prices, secondsOfMonth } from '../prices/prices.ts';
import type { Layout } from '../sizing/layout.ts';
import { GIB } from '../sizing/sizes.ts';
import { type Candidate, payloadOf, type Sizing } from '../sizing/sizing.ts';
import { isInApps } from '../sizing/tiers.ts';
import { sessionsAlive } from '../wishes/usual.ts';
import type { Wishes } from '../wishes/wishes.ts';

export const costParts = ['apps', 'store', 'replicas', 'balancer', 'disk', 'traffic'] as const;
export type CostPart = (typeof costParts)[number];

export interface CostLine {
  readonly part: CostPart;
  /** Per month, in the currency of the price book. */
  readonly monthly: number;
  /** `2 x (2 vCPU, 4 GiB) x 0.0725/h x 730 h`. */
  readonly how: string;
  readonly basis: Basis;
}

export interface Cost {
  readonly lines: readonly CostLine[];
  readonly monthly: number;
  /** Of the likely rate. */
  readonly perMillionRequests: number;
  readonly perThousandSessions: number;
}

export interface Costed {
  readonly candidate: Candidate;
  readonly sizing: Sizing;
  readonly wishes: Wishes;
  readonly prices: Prices;
  readonly mix: Workload['mix'];
}

export function costOf(costed: Costed): Cost {
  const lines = [
    appsLine(costed),
    ...storeLines(costed),
    balancerLine(costed),
    ...diskLines(costed),
    ...trafficLines(costed),
  ];
  const monthly = cents(lines.reduce((sum, line) => sum + line.monthly, 0));
  const { wishes } = costed;
  return {
    lines,
    monthly,
    perMillionRequests: (monthly / (wishes.rate.likely * secondsOfMonth)) * 1e6,
    perThousandSessions: (monthly / sessionsAlive(wishes)) * 1000,
  };
}

/** Summing floating point leaves less than a cent. */
const cents = (value: number): number => Math.round(value * 100) / 100;

const line = (part: CostPart, monthly: number, how: string, basis: Basis): CostLine => ({
  part,
  monthly: cents(monthly),
  how,
  basis,
});

const priced = (...entries: readonly string[]): Basis => ({ kind: 'priced', entries });

function serversLine(part: CostPart, { size, servers }: Layout, copies = 1): CostLine {
  const how = `${servers * copies} x (${size.label}) x ${perUnit(size.perHour)}/h x ${hoursOfMonth} h`;
  return line(part, servers * copies * size.perHour * hoursOfMonth, how, priced(...size.entries));
}

const perUnit = (price: number): string => String(Number(price.toPrecision(6)));

const appsLine = ({ sizing }: Costed): CostLine => serversLine('apps', sizing.apps);

/** A copy that was not measured as a part of the strategy is a line of its own. */
function storeLines(costed: Costed): readonly CostLine[] {
  const { sizing, candidate } = costed;
  if (sizing.store === null) return [];
  const first = hasIt(costed) ? shareLine(costed, sizing.store) : serversLine('store', sizing.store);
  return candidate.copies === 1
    ? [first]
    : [first, serversLine('replicas', sizing.store, candidate.copies - 1)];
}

export const familyOf = (strategy: string): string => strategy.replace(/@.*/, '');

const hasIt = ({ candidate, wishes }: Pick<Costed, 'candidate' | 'wishes'>): boolean =>
  candidate.hosting === 'own' &&
  wishes.has.some((name) => familyOf(name) === familyOf(candidate.strategy.name));

/** Servers that are there already have room: what sessions take of them is paid, by vCPU and GiB. */
function shareLine({ sizing, wishes, prices }: Costed, store: Layout): CostLine {
  const { load, memory } = sizing;
  const cores =
    (wishes.rate.high * (load.cpuMicros.store ?? 0)) / 1e6 / (wishes.utilisation * wishes.coreFactor);
  const gib = (sessionsAlive(wishes) * memory.store.perSession) / GIB / prices.gibHour.usableMemory;
  const whole = store.servers * store.size.perHour;
  const perHour = Math.min(whole, cores * prices.vcpuHour.price + gib * prices.gibHour.price);
  return line(
    'store',
    perHour * hoursOfMonth,
    `a share of the servers that are there: ${perUnit(cores)} vCPU and ${perUnit(gib)} GiB, ${perUnit(perHour)}/h x ${hoursOfMonth} h`,
    { kind: 'assumed', what: 'servers that are there already have room' },
  );
}

function balancerLine(costed: Costed): CostLine {
  const { sizing, prices } = costed;
  if (sizing.balancer !== null) return serversLine('balancer', sizing.balancer);
  const { balancerHour, balancerGb } = prices;
  const gb = (bytesPerSecond(costed) * secondsOfMonth) / 1e9;
  return line(
    'balancer',
    balancerHour.price * hoursOfMonth + gb * balancerGb.price,
    `${perUnit(balancerHour.price)}/h x ${hoursOfMonth} h + ${perUnit(gb)} GB x ${perUnit(balancerGb.price)}`,
    priced(balancerHour.id, balancerGb.id),
  );
}

/** Between clients and apps: each answer has about as many bytes as the session. */
const bytesPerSecond = ({ wishes, sizing }: Costed): number =>
  wishes.rate.likely * payloadOf(wishes, sizing.load);

/** The least disk that a server is given, in GB. */
const fewestGb = 20;
/** Over the bytes of the sessions: the log, dead rows, a file that is written anew. */
const diskTimes = 3;

function diskLines({ candidate, sizing, wishes, prices }: Costed): readonly CostLine[] {
  const { store, load } = sizing;
  if (store === null || candidate.strategy.onPaper?.traits?.onDisk !== true) return [];
  const bytes =
    sessionsAlive(wishes) * Math.max(sizing.memory.store.perSession, payloadOf(wishes, load)) * diskTimes;
  const servers = store.servers * candidate.copies;
  const gb = Math.max(fewestGb * store.servers, bytes / 1e9) * candidate.copies;
  const ofNode = prices.managed.find(({ id }) => candidate.hosting === 'managed' && id === store.size.label);
  const price = ofNode?.diskGbMonth ?? prices.diskGbMonth.price;
  const how = `${perUnit(gb)} GB on ${servers} ${servers === 1 ? 'server' : 'servers'} x ${perUnit(price)}`;
  const what = `a disk holds ${diskTimes} times the bytes of the sessions, and ${fewestGb} GB at least`;
  return [line('disk', gb * price, how, { kind: 'assumed', what })];
}

/** Of two zones, half of the requests of an app go to a store in the other. */
const crossingShare = 0.5;

/**
 * Between apps and store, where they are in two zones: a read moves the session once, a write twice. To each copy in another
 * zone goes what is written; a provider does not charge for its own.
 */
function trafficLines(costed: Costed): readonly CostLine[] {
  const { candidate, sizing, wishes, prices, mix } = costed;
  if (!wishes.survives.includes('zone') || isInApps(candidate.strategy)) return [];
  const moves = mix.read + 2 * mix.write + mix.login + mix.logout;
  const copies = candidate.hosting === 'managed' ? 0 : candidate.copies - 1;
  const crossing = moves * crossingShare + (mix.write + mix.login) * copies;
  const bytes = wishes.rate.likely * crossing * payloadOf(wishes, sizing.load) * secondsOfMonth;
  const gib = bytes / GIB;
  return [
    line(
      'traffic',
      gib * prices.zoneTrafficGib.price,
      `${perUnit(gib)} GiB between zones x ${perUnit(prices.zoneTrafficGib.price)}`,
      {
        kind: 'assumed',
        what: 'half of the traffic between apps and store crosses zones, and all that goes to a copy',
      },
    ),
  ];
}
