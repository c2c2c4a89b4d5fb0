/** Which numbers of sessions have room on this machine, and the budgets that make it. Decided before anything is started. */
import { freeDisk } from '../../infra/machine/free-disk.ts';
import { roomOf, type StrategyRoom } from '../../infra/rooms.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { APP_MEMORY_MIB, appRoom } from '../../infra/services/app/index.ts';
import { formatCount } from '../../record/counted.ts';
import type { FootprintSeries, RaisedBudget } from '../../record/footprint.ts';
import { SESSION_FIELDS_BYTES } from '../fit.ts';
import type { PlannedSeries } from '../plan.ts';
import { grainsOf } from './line.ts';

const MIB = 2 ** 20;
/** Share of the free memory or disk that sessions may take: the rest is for the servers, the apps and the generator. */
const USABLE = 0.8;
/** Of servers that nothing is known of: the size of a slab page, an extent, a huge page. */
const USUAL_GRAIN_BYTES = MIB;

/** What a machine has for sessions, in bytes; null where the system does not tell, and then nothing is refused for it. */
export interface Means {
  readonly memory: number | null;
  readonly disk: number | null;
}

export const meansOfMachine = (): Means => ({
  memory: process.availableMemory() * USABLE,
  disk: orNull(freeDisk(), (bytes) => bytes * USABLE),
});

const orNull = (value: number | null, then: (value: number) => number): number | null =>
  value === null ? null : then(value);

export interface Wanted {
  readonly strategy: Strategy;
  readonly apps: number;
  readonly payloadBytes: number;
  /** Ascending. */
  readonly sizes: readonly number[];
}

export interface RoomFor {
  readonly series: PlannedSeries;
  /** Those without room, ascending; `series.sizes` has the others. */
  readonly without: readonly number[];
  /** What they lack, in words with the number that would fit; empty where all have room. */
  readonly why: string;
}

export function roomFor({ strategy, apps, payloadBytes, sizes }: Wanted, means: Means): RoomFor {
  const room = knownRoom(strategy, apps);
  const grains = grainsOf(room?.grain ?? USUAL_GRAIN_BYTES, appRoom(apps).grain);
  const unknown = { strategy, payloadBytes, sizes, keptIn: keptIn(strategy, null), raised: [], grains };
  if (room === null) return { series: unknown, without: [], why: '' };
  const bound = room.in === 'disk' ? means.disk : means.memory;
  const needed = (sessions: number): number => needOf(strategy, room, sessions, payloadBytes);
  const fits = (sessions: number): boolean => bound === null || needed(sessions) <= bound;
  const without = sizes.filter((size) => !fits(size));
  const fitting = sizes.filter(fits);
  const largest = fitting.at(-1) ?? 0;
  const raised = budgetsFor(strategy, room, apps, largest, payloadBytes);
  return {
    series: {
      strategy: withBudgets(strategy, raised),
      payloadBytes,
      sizes: fitting,
      keptIn: keptIn(strategy, room),
      raised,
      grains,
    },
    without,
    why: bound === null || without.length === 0 ? '' : whyNot(without, needed, bound, room),
  };
}

const keptIn = ({ topology }: Strategy, room: StrategyRoom | null): FootprintSeries['keptIn'] =>
  topology.services.length === 0 ? 'apps' : room?.in === 'disk' ? 'disk' : 'memory';

/** A topology that is wrong is told where its servers are planned. */
function knownRoom({ topology }: Strategy, apps: number): StrategyRoom | null {
  try {
    return roomOf(topology, apps);
  } catch {
    return null;
  }
}

/** Bytes, with the copies that replicas keep. */
function needOf({ topology }: Strategy, room: StrategyRoom, sessions: number, payloadBytes: number): number {
  const copies = (topology.services[0]?.count ?? room.nodes) / room.nodes;
  return room.need(sessions, payloadBytes + SESSION_FIELDS_BYTES).likely * copies;
}

/** Data on a disk has room whatever the memory is, and is measured with the budget that the strategy has. */
function budgetsFor(
  { topology }: Strategy,
  room: StrategyRoom,
  apps: number,
  largest: number,
  payloadBytes: number,
): readonly RaisedBudget[] {
  if (room.in === 'disk') return [];
  const { likely } = room.need(largest, payloadBytes + SESSION_FIELDS_BYTES);
  const nodes = topology.services.length === 0 ? apps : room.nodes;
  const givenMiB = Math.ceil(likely / room.closeAt / nodes / MIB);
  const usualMiB = topology.services[0]?.memoryMiB ?? topology.appMemoryMiB ?? APP_MEMORY_MIB;
  return givenMiB > usualMiB ? [{ service: room.service, usualMiB, givenMiB }] : [];
}

function withBudgets(strategy: Strategy, raised: readonly RaisedBudget[]): Strategy {
  const [budget] = raised;
  if (!budget) return strategy;
  const { topology } = strategy;
  const services = topology.services.map((service) =>
    service.name === budget.service ? { ...service, memoryMiB: budget.givenMiB } : service,
  );
  return {
    ...strategy,
    topology: {
      ...topology,
      services,
      ...(topology.services.length === 0 && { appMemoryMiB: budget.givenMiB }),
    },
  };
}

function whyNot(
  without: readonly number[],
  needed: (sessions: number) => number,
  bound: number,
  room: StrategyRoom,
): string {
  const [first = 0] = without;
  const where = room.in === 'disk' ? 'of disk' : 'of memory';
  const there = `${gib(bound)} ${where} can be had for sessions here`;
  return `they take about ${gib(needed(first))}, and ${there}: at most ${formatCount(mostWithin(needed, bound))} would fit`;
}

/** Two significant digits, downwards; 0 where not even a hundred fit. */
function mostWithin(needed: (sessions: number) => number, bound: number): number {
  let [fits, tooMany] = [0, 1e9];
  while (tooMany - fits > 50) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (needed(middle) <= bound) fits = middle;
    else tooMany = middle;
  }
  if (fits < 100) return 0;
  const unit = 10 ** (Math.floor(Math.log10(fits)) - 1);
  return Math.floor(fits / unit) * unit;
}

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
