/** The servers that an option takes: apps, store, balancer; and how far their count is from what was measured. */
import { type Basis, basisFor, mostDoubtful, type Remedy, remedyOf } from '../evidence/basis.ts';
import { commandFor } from '../evidence/commands.ts';
import { type LoadNumbers, type SeenCpu, type StrategyEvidence, togetherOf } from '../evidence/evidence.ts';
import { structureOf } from '../evidence/on-paper.ts';
import type { Prices } from '../prices/prices.ts';
import type { Hosting } from '../wishes/hosting.ts';
import { sessionsAlive } from '../wishes/usual.ts';
import type { Wishes } from '../wishes/wishes.ts';
import { type Layout, layoutFor, type Overflow, type ServerSize, wholeOf } from './layout.ts';
import { type Line, type Memory, memoriesOf } from './memory.ts';
import { overloadsTold, rateBasis, ratesFor } from './rate-reach.ts';
import { rateRemedy, weighingRemedy } from './remedies.ts';
import { managedSizes, ownSizes } from './sizes.ts';
import {
  appTier,
  balancerTier,
  type Grounds,
  isInApps,
  measuredServers,
  processesBeyondSessions,
  processesOf,
  sharingProcesses,
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
  /** Why its servers may be counted as too many, with what would tell; null where no number is known to be too much. */
  readonly overcounted: Unmeasured | null;
  /** Each of one server, since those that are many are made of the one that was measured. */
  readonly basis: {
    readonly apps: Basis;
    readonly store: Basis | null;
    readonly balancer: Basis | null;
    readonly memory: Basis;
  };
  /** What the counts of servers take for granted, a sentence each without full stop. */
  readonly assumed: readonly string[];
}

/** `too-large`: no server that can be had holds or carries it; `unknown`: it may, and that was not measured. */
export type Unsized =
  | { readonly kind: 'unsized'; readonly why: 'too-large'; readonly shows: string }
  | { readonly kind: 'unsized'; readonly why: 'unknown'; readonly lacks: readonly Unmeasured[] };

export interface Unmeasured {
  /** The number that shows it; to stand in a sentence, without full stop. */
  readonly shows: string;
  readonly remedy: Remedy;
}

export function sizingOf(candidate: Candidate, wishes: Wishes, prices: Prices): Sizing | Unsized {
  const { load, name } = candidate.strategy;
  if (load.kind === 'missing')
    return untested({ shows: load.what, remedy: { command: load.command, on: null } });
  if (load.value.status === 'failed') return tooLarge(load.value.why);
  const payload = payloadOf(wishes, load.value);
  const tested = ratesFor(candidate.strategy);
  const grounds = { strategy: candidate.strategy, wishes, load: load.value, tested };
  const [first, ...others] = memoriesOf(candidate.strategy, payload).map((memory) =>
    sizedFrom({ ...grounds, memory }, candidate, prices, load.run),
  );
  if (first === undefined)
    return untested({
      shows: 'the memory of its sessions was not measured',
      remedy: weighingRemedy(name, sessionsAlive(wishes), payload, null),
    });
  // Where weighing does not reach, what was held under load may; that is too much, so that it can put nothing out.
  const isUnknown = first.kind === 'unsized' && first.why === 'unknown';
  return (isUnknown ? others.find(({ kind }) => kind === 'sized') : undefined) ?? first;
}

export const payloadOf = (
  wishes: Pick<Wishes, 'payloadBytes'>,
  load: Pick<LoadNumbers, 'payloadBytes'>,
): number => wishes.payloadBytes ?? load.payloadBytes;

const untested = (...lacks: readonly Unmeasured[]): Unsized => ({ kind: 'unsized', why: 'unknown', lacks });
const tooLarge = (shows: string): Unsized => ({ kind: 'unsized', why: 'too-large', shows });

function sizedFrom(grounds: Grounds, candidate: Candidate, prices: Prices, run: string): Sizing | Unsized {
  const { strategy, wishes } = grounds;
  const beyond = processesBeyondSessions(grounds);
  if (beyond !== null) return tooFewSessions(wishes, beyond);
  const own = ownSizes(prices);
  const apps = layoutOf(appTier(grounds), own);
  if (apps.kind === 'overflow') return overflown('apps', apps);
  const tier = storeTier(grounds);
  const storeSizes = candidate.hosting === 'managed' ? managedSizes(prices, strategy.name) : own;
  const store = tier === null ? null : layoutOf(tier, storeSizes);
  const balancer = candidate.hosting === 'managed' ? null : layoutOf(balancerTier(grounds), own);
  if (balancer?.kind === 'overflow') return overflown('balancer', balancer);
  const processes = processesOf(apps.size, apps.servers);
  const basis = basesOf(grounds, run, {
    processes: sharingProcesses(strategy, wishes, processesOf(apps.size, shareOf(apps))),
    shards: store?.kind === 'layout' ? shareOf(store) : 1,
    balancers: balancer === null ? null : shareOf(balancer),
  });
  const unfit = unfitOf(grounds, basis, store);
  if (unfit !== null) return unfit;
  if (store?.kind === 'overflow') return overflown('store', store);
  const connections = store === null ? null : connectionsOf(candidate.strategy, processes);
  if (connections !== null && connections.wanted > connections.most)
    return tooLarge(
      `${count(processes)} app processes open ${count(connections.wanted)} connections, and a server takes ${count(connections.most)}`,
    );
  return {
    kind: 'sized',
    load: grounds.load,
    apps,
    store,
    balancer,
    processes,
    connections,
    memory: grounds.memory,
    overcounted: overcountedIn(grounds, [apps, store]),
    basis,
    assumed: assumedIn(grounds, candidate, balancer),
  };
}

function tooFewSessions(wishes: Wishes, processes: number): Unsized {
  const sessions = sessionsAlive(wishes);
  return tooLarge(
    `a session stays with one app process, so that ${count(sessions)} ${sessions === 1 ? 'keeps' : 'keep'} ${count(sessions)} busy at most, and ${count(wishes.rate.high)} requests/s take the CPU time of ${count(processes)} that are ${count(100 * wishes.utilisation)} % busy`,
  );
}

/** Servers among which a load is shared, to be held against what one was seen to carry. */
const shareOf = ({ inReach, servers, least }: Layout): number => (inReach ? servers : least);

const layoutOf = ({ load, rules }: Tier, sizes: readonly ServerSize[]): Layout | Overflow =>
  layoutFor(load, sizes, rules);

/** All that was held under load is more than the sessions take: servers that are counted by it would be paid for want of a weighing. */
function overcountedIn(grounds: Grounds, layouts: readonly (Layout | null)[]): Unmeasured | null {
  const byMemory = layouts.some((each) => each?.bound === 'memory' || each?.bound === 'tested');
  if (grounds.memory.of === 'fitted' || !byMemory) return null;
  return {
    shows: 'its servers are counted by all memory that it held under load, which is too much',
    remedy: weighingAll(grounds),
  };
}

/** All of the sessions, of which so far only what was held under load is known. */
function weighingAll({ strategy, wishes, load, memory }: Grounds): Remedy {
  const payload = payloadOf(wishes, load);
  return weighingRemedy(strategy.name, sessionsAlive(wishes), payload, guessed(memory, payload));
}

/** Over its payload; what was weighed so far took 0.4 to 1.3 KB: docs/measurements/2026-11-27-footprint.md. */
const mostOverhead = 1500;

/** Of sessions that are still to be weighed: all that was held under load would ask for a machine that is many times too large. */
function guessed(memory: Memory, payload: number): Pick<Memory, 'store' | 'app'> {
  if (memory.of === 'fitted') return memory;
  const capped = (line: Line): Line => ({
    ...line,
    perSession: Math.min(line.perSession, payload + mostOverhead),
  });
  return { store: capped(memory.store), app: capped(memory.app) };
}

/** Every app process opens its connections to every server of the store: more servers take no more processes. */
function connectionsOf(strategy: StrategyEvidence, processes: number): NonNullable<Sizing['connections']> {
  const { perApp, most } = structureOf(strategy).connections;
  return { wanted: processes * perApp, most };
}

/** What does not fit by a number that is known, else what is not known; null where all is known. */
function unfitOf(grounds: Grounds, basis: Sizing['basis'], store: Layout | Overflow | null): Unsized | null {
  const sure = store?.kind === 'overflow' ? sureOverflow(grounds, store, basis) : null;
  if (sure !== null) return sure;
  const lacks = [basis.memory, basis.apps, basis.store, basis.balancer].flatMap(
    (each): readonly Unmeasured[] =>
      each?.kind === 'none' ? [{ shows: each.what, remedy: remedyOf(each) }] : [],
  );
  return lacks.length > 0 ? untested(...lacks) : null;
}

function sureOverflow(grounds: Grounds, overflow: Overflow, basis: Sizing['basis']): Unsized | null {
  const { largest, by } = overflow;
  if (largest === null) return overflown('store', overflow);
  if (by.cpu > 1 && basis.store?.kind !== 'none') return overflownBy('store', 'CPU time', largest, by.cpu);
  if (by.memory <= 1 || basis.memory.kind === 'none') return null;
  if (grounds.memory.of === 'fitted') return overflownBy('store', 'memory', largest, by.memory);
  return untested({
    shows: 'by all memory that it held under load, which is too much, its sessions fit into no server',
    remedy: weighingAll(grounds),
  });
}

function overflown(tier: string, { largest, by }: Overflow): Unsized {
  if (largest === null) return tooLarge('no server that it runs on is in the price book');
  return by.cpu > by.memory
    ? overflownBy(tier, 'CPU time', largest, by.cpu)
    : overflownBy(tier, 'memory', largest, by.memory);
}

function overflownBy(tier: string, needs: string, { label }: ServerSize, wanted: number): Unsized {
  const servers = Number.isFinite(wanted) ? count(wholeOf(wanted)) : 'more';
  return tooLarge(`its ${tier} would need the ${needs} of ${servers} servers of the largest size (${label})`);
}

interface Counted {
  readonly processes: number;
  /** Servers of the store that each hold a part. */
  readonly shards: number;
  /** Null where the provider runs them. */
  readonly balancers: number | null;
}

/**
 * What is told of one server rests on what one was seen to carry: requests/s and sessions are those of all over the number of
 * servers that share them, here as in the measurement.
 */
function basesOf(grounds: Grounds, run: string, { processes, shards, balancers }: Counted): Sizing['basis'] {
  const { strategy, wishes, load, tested } = grounds;
  const payload = payloadOf(wishes, load);
  const measured = measuredServers(structureOf(strategy)).servers;
  const ofPayload = basisFor(
    payload,
    { tested: { from: load.payloadBytes, to: load.payloadBytes, unit: 'bytes of payload' }, run, line: null },
    () => ({ command: commandFor(strategy.name, `--payload ${Math.ceil(payload)}`), on: null }),
  );
  const ofRate = (servers: number, seenWith: number, unit: string): Basis => {
    const wanted = wishes.rate.high / servers;
    const remedy = () => rateRemedy(strategy.name, wanted * seenWith, load);
    const ofOne = { wanted, seenWith, unit: `requests/s of ${unit}` };
    return mostDoubtful(rateBasis(tested, ofOne, remedy), ofPayload);
  };
  return {
    apps: ofRate(processes, load.apps, 'an app process'),
    store: isInApps(strategy) ? null : ofRate(shards, measured, 'a server of the store'),
    balancer: balancers === null ? null : ofRate(balancers, 1, 'a balancer'),
    memory: memoryBasis(grounds, payload, isInApps(strategy) ? processes : shards),
  };
}

/** Bytes: the smallest that presets weigh. */
const smallPayload = 200;

/** Where sessions live, a byte of payload is a byte of memory. */
function memoryWith(
  { store, app }: Pick<Memory, 'store' | 'app'>,
  bytes: number,
): Pick<Memory, 'store' | 'app'> {
  const moved = (line: Line): Line => ({ ...line, perSession: Math.max(0, line.perSession + bytes) });
  return store.perSession > 0 ? { store: moved(store), app } : { store, app: moved(app) };
}

/** @param servers that share the sessions */
function memoryBasis({ strategy, wishes, memory }: Grounds, payload: number, servers: number): Basis {
  const inApps = isInApps(strategy);
  const seenWith = inApps ? memory.apps : measuredServers(structureOf(strategy)).servers;
  const { from, to } = memory.tested;
  const tested = {
    from: from / seenWith,
    to: to / seenWith,
    unit: inApps ? 'sessions of an app process' : 'sessions of a server of the store',
  };
  const busiest = inApps ? stickyHeadroom : 1;
  const ofOne = (sessionsAlive(wishes) * busiest) / servers;
  const remedyWith = (bytes: number) => () =>
    weighingRemedy(
      strategy.name,
      ofOne * seenWith,
      bytes,
      memoryWith(guessed(memory, payload), bytes - payload),
    );
  const ofPayload = basisFor(
    payload,
    { tested: memory.payload, run: memory.run, line: null },
    remedyWith(payload),
  );
  // How bytes grow with numbers may be weighed with small sessions where it was weighed how they grow with the payload.
  const isKnown = memory.of === 'fitted' && ofPayload.kind !== 'none';
  const weighed = isKnown ? Math.min(smallPayload, payload) : payload;
  const grounded = { tested, run: memory.run, line: memory.line };
  return mostDoubtful(basisFor(ofOne, grounded, remedyWith(weighed)), ofPayload);
}

function assumedIn(
  { strategy, wishes, load, memory }: Grounds,
  { copies, hosting }: Candidate,
  balancer: Layout | null,
): readonly string[] {
  const inApps = isInApps(strategy);
  const isManaged = hosting === 'managed' && !inApps;
  const hasSecond = copies > 1 && structureOf(strategy).spread.kind === 'one';
  return [
    wishes.coreFactor === 1
      ? 'a vCPU that is paid for does the work of a core that was measured (--core-factor)'
      : `a vCPU that is paid for does ${wishes.coreFactor} times the work of a core that was measured`,
    ...overloadsTold(strategy, wishes.rate.high),
    ...fasterWhenBusy(load, keptUp(strategy)),
    ...(wishes.slo === null
      ? []
      : ['servers that are busier than those that were measured answer no later than they did']),
    ...(inApps
      ? [`the busiest app carries ${stickyHeadroom} times the mean, since clients stay with their app`]
      : []),
    ...(hasSecond
      ? [
          'a second copy costs the first no time: it was measured without one',
          'the second copy takes over before the first is back: one that comes back empty would empty the copy too',
        ]
      : []),
    ...(isManaged ? ["the provider's server does the work of the one that was measured"] : []),
    ...(strategy.onPaper?.traits?.onDisk === true
      ? ['a flush to its disk takes as long as on the machine that was measured']
      : []),
    ...(balancer?.servers === 1 ? ['while the one balancer is away nobody is answered'] : []),
    ...(load.memoryBytes.app === null ? ['app processes take no memory: it could not be read'] : []),
    ...memory.assumed,
  ];
}

/** Less of the CPU time than this is worth a word. */
const muchLess = 0.8;

/** What other runs saw of it when it kept up: of an overload nothing is carried to other rates. */
const keptUp = ({ alsoSeen, behind }: Grounds['strategy']): readonly SeenCpu[] =>
  alsoSeen.filter((seen) => behind.every(({ run }) => run !== seen.run));

/** A process that sleeps between requests pays for each time that it is woken: at higher rates a request takes less. */
function fasterWhenBusy(load: LoadNumbers, alsoSeen: readonly SeenCpu[]): readonly string[] {
  const [least] = alsoSeen
    .filter(({ rate }) => rate > load.rate)
    .toSorted((a, b) => togetherOf(a.cpuMicros) - togetherOf(b.cpuMicros));
  if (least === undefined) return [];
  const share = togetherOf(least.cpuMicros) / togetherOf(load.cpuMicros);
  if (share > muchLess) return [];
  return [
    `a request takes as much CPU time at every rate as at ${count(load.rate)}/s: at ${count(least.rate)}/s it took ${count(100 * share)} % of that, so that fewer servers may do`,
  ];
}

const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const count = (value: number): string => significant.format(value);
