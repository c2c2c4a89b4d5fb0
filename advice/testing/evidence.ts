/** Evidence and prices for tests: invented numbers, near those of a small machine. No document shows them. */
import { inventedOnPaper } from '../../record/testing/on-paper.ts';
import type {
  Evidence,
  FootprintEvidence,
  LoadEvidence,
  LoadNumbers,
  Missing,
  OperationEvidence,
  Part,
  StrategyEvidence,
} from '../evidence/evidence.ts';
import type { Prices } from '../prices/prices.ts';
import { usualWishes } from '../wishes/usual.ts';
import type { Wishes } from '../wishes/wishes.ts';

export const RUN = '20261126-090000-aaaa';
const FOOTPRINT_RUN = '20261126-100000-bbbb';

export const measured = <Value>(value: Value, run = RUN): Part<Value> => ({ kind: 'measured', value, run });
export const missingPart = (what: string, command: string): Missing => ({ kind: 'missing', what, command });

export const operation = (p50Ms: number, count = 1000): OperationEvidence => ({
  count,
  unanswered: 0,
  p50Ms,
  p90Ms: 2 * p50Ms,
  p99Ms: 4 * p50Ms,
  p999Ms: 8 * p50Ms,
  maxMs: 10 * p50Ms,
});

interface Invented {
  readonly name: string;
  readonly appMicros: number;
  readonly storeMicros: number | null;
  readonly readMs: number;
  readonly bytesPerSession: number;
}

const invented: readonly Invented[] = [
  { name: 'sticky', appMicros: 800, storeMicros: null, readMs: 1, bytesPerSession: 2400 },
  { name: 'redis', appMicros: 1000, storeMicros: 80, readMs: 1.3, bytesPerSession: 2100 },
  { name: 'memcached', appMicros: 1020, storeMicros: 70, readMs: 1.3, bytesPerSession: 2000 },
  { name: 'postgres', appMicros: 1100, storeMicros: 220, readMs: 1.5, bytesPerSession: 3000 },
  { name: 'redis-cluster', appMicros: 1150, storeMicros: 140, readMs: 1.4, bytesPerSession: 4400 },
];

function loadOf({ appMicros, storeMicros, readMs }: Invented): LoadNumbers {
  return {
    status: 'answered',
    rate: 1000,
    sessions: 5000,
    payloadBytes: 1700,
    apps: 2,
    cpuMicros: { balancer: 150, app: appMicros, store: storeMicros },
    cpuNoise: 0.05,
    memoryBytes: { app: 200e6, store: storeMicros === null ? null : 50e6 },
    operations: {
      login: operation(readMs * 1.4, 20),
      read: operation(readMs, 836),
      write: operation(readMs * 1.3, 124),
      logout: operation(readMs * 1.2, 20),
    },
    violations: { lost: 0, stale: 0, resurrected: 0, crossed: 0 },
  };
}

export function footprintOf(
  bytesPerSession: number,
  inApps: boolean,
  payloadBytes = 1700,
): FootprintEvidence {
  const line = { fixed: 10e6, perSession: bytesPerSession };
  const none = { fixed: 100e6, perSession: 0 };
  const [store, app] = inApps ? [{ fixed: 0, perSession: 0 }, line] : [line, none];
  return {
    run: FOOTPRINT_RUN,
    apps: 2,
    keptIn: inApps ? 'apps' : 'memory',
    payloadBytes,
    storeFixedBytes: store.fixed,
    storeBytesPerSession: store.perSession,
    appFixedBytes: app.fixed,
    appBytesPerSession: app.perSession,
    testedFrom: 1000,
    testedTo: 1e6,
    heldOutError: 0.03,
    heldOutTimes: null,
  };
}

function strategyOf(each: Invented): StrategyEvidence {
  const { name, storeMicros, bytesPerSession } = each;
  return {
    name,
    title: name,
    onPaper: inventedOnPaper(name),
    load: measured<LoadEvidence>(loadOf(each)),
    alsoSeen: [],
    latencies: [],
    highest: null,
    behind: [],
    capacity: missingPart('how much it carries', `npm run bench -- --capacity --strategy ${name}`),
    footprint: measured([footprintOf(bytesPerSession, storeMicros === null)], FOOTPRINT_RUN),
    survival: missingPart('what failures lose', `npm run bench -- --faults --strategy ${name}`),
    security: missingPart('what an attacker could do', `npm run verify -- --strategy ${name}`),
  };
}

export const inventedEvidence: Evidence = {
  runs: [{ id: RUN, kind: 'blocks', preset: 'standard', startedAt: '2026-11-26T09:00:00.000Z' }],
  machine: {
    cpuModel: 'invented',
    cores: 2,
    memoryBytes: 8e9,
    virtualization: 'none',
    runtime: 'native',
    shared: true,
  },
  workload: {
    title: 'invented',
    mix: { login: 0.02, read: 0.836, write: 0.124, logout: 0.02 },
    payloadBytes: 1700,
    source: 'invented',
  },
  strategies: invented.map(strategyOf),
};

export const withStrategy = (
  evidence: Evidence,
  name: string,
  change: (strategy: StrategyEvidence) => StrategyEvidence,
): Evidence => ({
  ...evidence,
  strategies: evidence.strategies.map((each) => (each.name === name ? change(each) : each)),
});

/** Round prices, so that lines can be added by hand. */
export const roundPrices: Prices = {
  title: 'round prices',
  currency: 'USD',
  vcpuHour: { id: 'vcpu', price: 0.03 },
  gibHour: { id: 'gib', price: 0.005, usableMemory: 0.8 },
  diskGbMonth: { id: 'disk', price: 0.1 },
  balancerHour: { id: 'balancer', price: 0.02 },
  balancerGb: { id: 'balancer-gb', price: 0.01 },
  zoneTrafficGib: { id: 'traffic', price: 0.02 },
  sizes: [
    { vcpus: 1, memoryGiB: 2 },
    { vcpus: 2, memoryGiB: 4 },
    { vcpus: 2, memoryGiB: 16 },
    { vcpus: 4, memoryGiB: 32 },
    { vcpus: 8, memoryGiB: 64 },
  ],
  managed: [
    {
      id: 'cache-small',
      price: 0.05,
      runs: ['redis', 'redis-cluster'],
      vcpus: 2,
      steadyShare: 1,
      memoryGiB: 4,
      usableMemory: 0.75,
      diskGbMonth: null,
    },
    {
      id: 'cache-large',
      price: 0.2,
      runs: ['redis', 'redis-cluster'],
      vcpus: 2,
      steadyShare: 1,
      memoryGiB: 16,
      usableMemory: 0.75,
      diskGbMonth: null,
    },
    {
      id: 'db-small',
      price: 0.1,
      runs: ['postgres'],
      vcpus: 2,
      steadyShare: 1,
      memoryGiB: 8,
      usableMemory: 0.75,
      diskGbMonth: 0.2,
    },
  ],
};

/** Modest wishes that every strategy meets. */
export const modestWishes: Wishes = {
  ...usualWishes,
  sessions: { kind: 'alive', count: 200_000 },
  rate: { low: 500, likely: 1000, high: 1200 },
  survives: [],
  has: [],
};
