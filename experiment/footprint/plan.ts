/** From what a person wants to weigh to the plan of it. */
import path from 'node:path';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { counted, formatCount } from '../../record/counted.ts';
import type { RaisedBudget } from '../../record/footprint.ts';
import { listed } from '../../record/listed.ts';
import { type Reason, reasonOf } from '../../record/reasons.ts';
import { workload as reads } from '../../scenarios/workloads/reads.ts';
import { settingOf } from '../bench-plan.ts';
import type { FootprintDesign, Plan } from '../plan.ts';
import type { Preset } from '../presets.ts';
import { scenariosFolder } from '../scenarios.ts';
import { type Means, meansOfMachine, type RoomFor, roomFor } from './room.ts';

const readsScript = path.join(scenariosFolder, `${reads.name}.ts`);

/** Sessions and payloads where none are given, how long reads are measured, and it is watched whether sessions that ended go. */
interface Extent {
  readonly sizes: readonly number[];
  readonly payloads: readonly number[];
  readonly measureSeconds: number;
  readonly watchSeconds: number;
}

const extents: Readonly<Record<string, Extent>> = {
  // So many that they take far more than what readings tell apart.
  smoke: { sizes: [1_000, 3_000, 10_000], payloads: [200], measureSeconds: 2, watchSeconds: 5 },
  quick: {
    sizes: [1_000, 10_000, 100_000],
    payloads: [200, 1_700, 10_000],
    measureSeconds: 3,
    watchSeconds: 30,
  },
  standard: {
    sizes: [1_000, 10_000, 100_000, 1_000_000],
    payloads: [200, 1_700, 10_000],
    measureSeconds: 8,
    watchSeconds: 120,
  },
};

const extentOf = ({ name }: Preset): Extent => {
  const extent = extents[name];
  if (!extent) throw new Error(`the preset ${name} has no extent of a footprint`);
  return extent;
};

/** Below what any strategy answers; the same for all, so that CPU time for each read can be set side by side. */
export const USUAL_READ_RATE = 500;
/** So many sessions are read in a trial, picked evenly among all. */
const READ_SESSIONS = 2_000;

/** A line has two ends, and the largest number of sessions is kept out of it: the empty store is the other end. */
export const FEWEST_SIZES = 2;
export const MOST_SIZES = 8;
export const MOST_PAYLOADS = 6;
export const MOST_SESSIONS = 10_000_000;

export interface FootprintWishes {
  readonly preset: Preset;
  readonly strategies: readonly Strategy[];
  /** Undefined where none were given. */
  readonly sizes: readonly number[] | undefined;
  readonly payloads: readonly number[] | undefined;
  readonly readRate: number | undefined;
  readonly duration: number | undefined;
  readonly apps: number;
  readonly seed: number | undefined;
}

const ascending = (numbers: readonly number[]): readonly number[] => [...numbers].sort((a, b) => a - b);

type Asked = Pick<FootprintWishes, 'preset' | 'sizes' | 'payloads' | 'strategies' | 'apps'>;

function roomsFor({ preset, sizes, payloads, strategies, apps }: Asked, means: Means): readonly RoomFor[] {
  const extent = extentOf(preset);
  const wanted = ascending(sizes ?? extent.sizes);
  // All payloads of a strategy follow each other, so that an interrupted run has whole strategies.
  return strategies.flatMap((strategy) =>
    ascending(payloads ?? extent.payloads).map((payloadBytes) =>
      roomFor({ strategy, apps, payloadBytes, sizes: wanted }, means),
    ),
  );
}

/**
 * A sentence for each series whose sizes a person gave and that has no room for all of them, with the size that would fit. What
 * nobody gave is left out instead, and told.
 */
export function footprintMistakes(asked: Asked, means = meansOfMachine()): readonly string[] {
  if (asked.sizes === undefined) return [];
  return roomsFor(asked, means)
    .filter(({ without }) => without.length > 0)
    .map(({ series, without, why }) => {
      const which = `${listed(without.map(formatCount))} sessions of ${formatCount(series.payloadBytes)} B`;
      return `${series.strategy.name} has no room for ${which}: ${why}. Give smaller --sessions or a smaller --payload, or leave ${series.strategy.name} out.`;
    });
}

export function footprintPlan(wishes: FootprintWishes, means = meansOfMachine()): Plan<FootprintDesign> {
  const extent = extentOf(wishes.preset);
  const sizes = ascending(wishes.sizes ?? extent.sizes);
  const payloads = ascending(wishes.payloads ?? extent.payloads);
  const rooms = roomsFor(wishes, means);
  return {
    ...settingOf({
      ...wishes,
      scenario: { script: readsScript, workload: { ...reads, arrival: { kind: 'operation' } } },
      sessions: sizes.at(-1) ?? 0,
      payload: payloads[0] ?? 0,
      duration: wishes.duration ?? extent.measureSeconds,
    }),
    design: {
      kind: 'footprint',
      sizes,
      payloads,
      series: rooms.map(({ series }) => series).filter((series) => series.sizes.length >= FEWEST_SIZES),
      told: [...rooms.flatMap(leftOut), ...raisedOf(rooms)],
      readRate: wishes.readRate ?? USUAL_READ_RATE,
      readSessions: READ_SESSIONS,
      watchSeconds: extent.watchSeconds,
    },
  };
}

function leftOut({ series, without, why }: RoomFor): Reason[] {
  if (without.length === 0) return [];
  const all = series.sizes.length < FEWEST_SIZES ? ', so that this series is not measured at all' : '';
  const which = `${listed(without.map(formatCount))} sessions of ${formatCount(series.payloadBytes)} B`;
  return [reasonOf('sizes-left-out', `${series.strategy.name} has no room for ${which}${all}: ${why}`)];
}

function raisedOf(rooms: readonly RoomFor[]): Reason[] {
  const raised = rooms.flatMap(({ series }) =>
    series.raised.map((budget) => ({ name: series.strategy.name, ...budget })),
  );
  const highest = new Map<string, RaisedBudget & { readonly name: string }>();
  for (const each of raised)
    if (each.givenMiB > (highest.get(each.name)?.givenMiB ?? 0)) highest.set(each.name, each);
  if (highest.size === 0) return [];
  const words = [...highest.values()].map(
    ({ name, service, usualMiB, givenMiB }) =>
      `${name} up to ${formatCount(givenMiB)} MiB for each process of ${service} (usually ${formatCount(usualMiB)})`,
  );
  return [reasonOf('budgets-raised', `Memory budgets were raised to make room: ${listed(words)}`)];
}

/** For people: what is weighed. */
export const footprintWords = ({ sizes, payloads, series }: FootprintDesign): string =>
  `${listed(sizes.map(formatCount))} sessions of ${listed(payloads.map((each) => `${formatCount(each)} B`))}, ${counted(series.length, 'series', 'series')}`;
