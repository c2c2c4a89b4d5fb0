/** Whether the population has room in what the strategies keep it in, told before anything starts. */
import { roomOf, type StrategyRoom } from '../infra/rooms.ts';
import type { Strategy } from '../infra/runtimes/runtime.ts';
import type { Need } from '../infra/services/room.ts';
import { formatCount } from '../record/counted.ts';
import { type Reason, reasonOf } from '../record/reasons.ts';
import type { Setting } from './plan.ts';

/** Bytes of a session's text beside its payload: user, version, times and cookie. */
export const SESSION_FIELDS_BYTES = 250;

export type Population = Pick<Setting, 'strategies' | 'apps'> & {
  readonly workload: Pick<Setting['workload'], 'sessions' | 'payloadBytes'>;
};

/** One strategy's room beside what the population needs of it. */
interface Fit {
  readonly strategy: string;
  readonly room: StrategyRoom;
  readonly need: Need;
}

const moreDisk =
  'Make room where the servers keep their data (TMPDIR), or give fewer --sessions or a smaller --payload.';

/** What a command lets one give less of. */
export type Lessen = 'options' | 'scenario';

/**
 * A sentence for each strategy that cannot hold the population, whatever else happens. A mistake of every command that measures.
 * @param lessen whether the command has options for the population, or its scenario alone
 */
export function cannotHold(population: Population, lessen: Lessen = 'options'): string[] {
  return fitsOf(population)
    .filter(({ room, need }) => need.least > room.bytes)
    .map(
      ({ strategy, room, need }) =>
        `${strategy} cannot hold ${inWords(population)}: they take at least ${size(need.least)}, and ${roomWords(room)} is all there is; ${room.whenFull}. ${
          lessen === 'options'
            ? `Give at most ${fewer(population, (room.bytes * room.closeAt) / need.likely)}`
            : 'Use a scenario with a smaller payload'
        }, or leave ${strategy} out.`,
    );
}

/** What is likely to be full before the population is there, or soon after. */
export function closeFits(population: Population): Reason[] {
  const fits = fitsOf(population);
  const close = fits.filter(({ room, need }) => need.likely > room.bytes * room.closeAt);
  const alone = close.map(({ strategy, room, need }) =>
    reasonOf(
      'population-close',
      `${strategy} has little room for ${inWords(population)}: they take about ${size(need.likely)} of ${roomWords(room)}; where that is full, ${room.whenFull}`,
      room.in === 'disk' ? moreDisk : undefined,
    ),
  );
  return alone.length > 0 ? alone : closeTogether(population, fits);
}

/** Populations of several strategies are on one disk at the same time, each until its strategy's next trial. */
function closeTogether(population: Population, fits: readonly Fit[]): Reason[] {
  const onDisk = fits.filter(({ room }) => room.in === 'disk');
  const likely = onDisk.reduce((sum, { need }) => sum + need.likely, 0);
  const [first] = onDisk;
  if (!first || likely <= first.room.bytes * first.room.closeAt) return [];
  const names = onDisk.map(({ strategy }) => strategy).join(', ');
  return [
    reasonOf(
      'population-close',
      `${names} keep ${inWords(population)} each on one disk: together about ${size(likely)} of ${size(first.room.bytes)}; where that is full, ${first.room.whenFull}`,
      moreDisk,
    ),
  ];
}

function fitsOf({ strategies, apps, workload }: Population): Fit[] {
  const { sessions, payloadBytes } = workload;
  return strategies.flatMap((strategy): Fit[] => {
    const room = knownRoom(strategy, apps);
    if (!room) return [];
    const need = room.need(sessions, payloadBytes + SESSION_FIELDS_BYTES);
    return [{ strategy: strategy.name, room, need }];
  });
}

/** A topology that is wrong is told where its servers are planned. */
function knownRoom({ topology }: Strategy, apps: number): StrategyRoom | null {
  try {
    return roomOf(topology, apps);
  } catch {
    return null;
  }
}

const inWords = ({ workload: { sessions, payloadBytes } }: Population): string =>
  `${formatCount(sessions)} sessions of ${formatCount(payloadBytes)} B`;

/** A round number that has room: what a server takes beside its sessions does not shrink with them. */
function fewer({ workload: { sessions } }: Population, share: number): string {
  const most = 0.98 * sessions * share;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(most)) - 1);
  return `${formatCount(Math.floor(most / unit) * unit)} --sessions, or a smaller --payload`;
}

const size = (bytes: number): string =>
  bytes < 10 * 2 ** 30 ? `${formatCount(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(0)} GiB`;

const roomWords = ({ in: bound, bytes, service, nodes }: StrategyRoom): string =>
  bound === 'disk'
    ? `${size(bytes)} of disk for the data of ${service}`
    : `${size(bytes)} of memory in ${service}${nodes > 1 ? ` (${nodes} of ${size(bytes / nodes)})` : ''}`;
