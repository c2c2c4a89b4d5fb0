/** The servers that an option takes: apps, store, balancer; and how far their count is from what was measured. */
import { type Basis, basisFor, mostDoubtful } from '../evidence/basis.ts';
import { type LoadNumbers, type StrategyEvidence, testedRate } from '../evidence/evidence.ts';
import { structureOf } from '../evidence/on-paper.ts';
import type { Prices } from '../prices/prices.ts';
import type { Hosting } from '../wishes/hosting.ts';
import { sessionsAlive } from '../wishes/usual.ts';
import type { Wishes } from '../wishes/wishes.ts';
import { type Layout, layoutFor, type Overflow, type ServerSize } from './layout.ts';
import { type Memory, memoryOf } from './memory.ts';
import { managedSizes, ownSizes } from './sizes.ts';
import {
  appTier,
  balancerTier,
  type Grounds,
  isInApps,
  processesOf,
  stickyHeadroom,
  storeTier,
  type Tier,
} from './tiers.ts';

/** One way to run a strategy. */
export interface Candidate {
  readonly strategy: StrategyEvidence;
  readonly hosting: Hosting;
  /** Of each server of the store, on different machines. */
  readonly copies: number;
}

export interface Sizing {
  readonly kind: 'sized';
  readonly load: LoadNumbers;
  readonly apps: Layout;
  /** Null where sessions live in the apps. Its `servers` are of one copy. */
  readonly store: Layout | null;
  /** Null where the provider runs it. */
  readonly balancer: Layout | null;
  readonly processes: number;
  /** To each server of the store; null where there is none. */
  readonly connections: { readonly wanted: number; readonly most: number } | null;
  readonly memory: Memory;
  readonly basis: { readonly apps: Basis; readonly store: Basis | null; readonly memory: Basis };
  /** What the counts of servers take for granted, a sentence each without full stop. */
  readonly assumed: readonly string[];
}

export interface Unsized {
  readonly kind: 'unsized';
  /** `too-large`: no server that can be had holds or carries it; `unknown`: it may, and that was not measured. */
  readonly why: 'too-large' | 'unknown';
  /** The number that shows it; to stand in a sentence. */
  readonly shows: string;
  /** What would measure it; null where nothing would. */
  readonly command: string | null;
}

export function sizingOf(candidate: Candidate, wishes: Wishes, prices: Prices): Sizing | Unsized {
  const { load, name } = candidate.strategy;
  if (load.kind === 'missing') return untested(load.what, load.command);
  if (load.value.status === 'failed') return tooLarge(load.value.why);
  const payload = payloadOf(wishes, load.value);
  const memory = memoryOf(candidate.strategy, payload);
  if (memory === null)
    return untested('the memory of its sessions was not measured', commandFor(name, '--footprint'));
  const grounds: Grounds = {
    strategy: candidate.strategy,
    wishes,
    load: load.value,
    testedRate: testedRate(candidate.strategy) ?? load.value.rate,
    memory,
  };
  return sizedFrom(grounds, candidate, prices, load.run);
}

export const payloadOf = (
  wishes: Pick<Wishes, 'payloadBytes'>,
  load: Pick<LoadNumbers, 'payloadBytes'>,
): number => wishes.payloadBytes ?? load.payloadBytes;

export const commandFor = (strategy: string, option: string): string =>
  `npm run bench -- ${option} --strategy ${strategy}`;

const untested = (shows: string, command: string): Unsized => ({
  kind: 'unsized',
  why: 'unknown',
  shows,
  command,
});
const tooLarge = (shows: string): Unsized => ({ kind: 'unsized', why: 'too-large', shows, command: null });

function sizedFrom(grounds: Grounds, candidate: Candidate, prices: Prices, run: string): Sizing | Unsized {
  const { strategy } = grounds;
  const own = ownSizes(prices);
  const apps = layoutOf(appTier(grounds), own);
  if (apps.kind === 'overflow') return overflown('apps', apps);
  const tier = storeTier(grounds);
  const storeSizes = candidate.hosting === 'managed' ? managedSizes(prices, strategy.name) : own;
  const store = tier === null ? null : layoutOf(tier, storeSizes);
  const processes = processesOf(apps.size, apps.servers);
  const basis = basesOf(grounds, run, processes);
  // What a store would need is no number either where so much was not tested.
  const missing = [basis.memory, basis.apps, basis.store].find((each) => each?.kind === 'none');
  if (missing?.kind === 'none') return untested(missing.what, missing.command);
  if (store?.kind === 'overflow') return overflown('store', store);
  const connections = store === null ? null : connectionsOf(candidate.strategy, processes);
  if (connections !== null && connections.wanted > connections.most)
    return tooLarge(
      `${count(processes)} app processes open ${count(connections.wanted)} connections, and a server takes ${count(connections.most)}`,
    );
  const balancer = candidate.hosting === 'managed' ? null : layoutOf(balancerTier(grounds), own);
  if (balancer?.kind === 'overflow') return overflown('balancer', balancer);
  return {
    kind: 'sized',
    load: grounds.load,
    apps,
    store,
    balancer,
    processes,
    connections,
    memory: grounds.memory,
    basis,
    assumed: assumedIn(grounds, candidate),
  };
}

const layoutOf = ({ load, rules }: Tier, sizes: readonly ServerSize[]): Layout | Overflow =>
  layoutFor(load, sizes, rules);

/** Every app process opens its connections to every server of the store: more servers take no more processes. */
function connectionsOf(strategy: StrategyEvidence, processes: number): NonNullable<Sizing['connections']> {
  const { perApp, most } = structureOf(strategy).connections;
  return { wanted: processes * perApp, most };
}

function overflown(tier: string, { bound, largest, wanted }: Overflow): Unsized {
  if (largest === null) return tooLarge('no server that it runs on is in the price book');
  const needs = bound === 'cpu' ? 'CPU time' : 'memory';
  return tooLarge(
    `its ${tier} would need the ${needs} of ${count(wanted)} servers of the largest size (${largest.label})`,
  );
}

/**
 * Of the store as a whole, by its requests and sessions: one server of it does not differ by its neighbours. Of the apps by each
 * process, since more of them are made of the one that was measured.
 */
function basesOf(grounds: Grounds, run: string, processes: number): Sizing['basis'] {
  const { strategy, wishes, load, memory, testedRate: tested } = grounds;
  const { name } = strategy;
  const payload = payloadOf(wishes, load);
  const footprint = commandFor(name, '--footprint');
  const ofPayload = basisFor(
    payload,
    { from: load.payloadBytes, to: load.payloadBytes, unit: 'bytes of payload' },
    run,
    commandFor(name, `--payload ${Math.ceil(payload)}`),
  );
  const ofRate = (rate: number, to: number, unit: string): Basis =>
    mostDoubtful(basisFor(rate, { from: 0, to, unit }, run, commandFor(name, '--capacity')), ofPayload);
  return {
    apps: ofRate(wishes.rate.high / processes, tested / load.apps, 'requests/s of an app process'),
    store: isInApps(strategy) ? null : ofRate(wishes.rate.high, tested, 'requests/s of the store'),
    memory: mostDoubtful(
      basisFor(sessionsAlive(wishes), memory.tested, memory.run, footprint),
      basisFor(payload, memory.payload, memory.run, footprint),
    ),
  };
}

function assumedIn(
  { strategy, wishes, load, memory }: Grounds,
  { copies, hosting }: Candidate,
): readonly string[] {
  return [
    wishes.coreFactor === 1
      ? 'a vCPU that is paid for does the work of a core that was measured (--core-factor)'
      : `a vCPU that is paid for does ${wishes.coreFactor} times the work of a core that was measured`,
    ...(isInApps(strategy)
      ? [`the busiest app carries ${stickyHeadroom} times the mean, since clients stay with their app`]
      : []),
    ...(copies > 1 && structureOf(strategy).spread.kind === 'one'
      ? ['a second copy costs the first no time: it was measured without one']
      : []),
    ...(hosting === 'managed' && !isInApps(strategy)
      ? ["the provider's server does the work of the one that was measured"]
      : []),
    ...(memory.of === 'all'
      ? ['all memory that was held is put down to the sessions, which is too much: --footprint weighs them']
      : []),
    ...(load.memoryBytes.app === null ? ['app processes take no memory: it could not be read'] : []),
  ];
}

const count = (value: number): string =>
  new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(value);
