/** The commands that would measure what is missing, with the numbers that would be enough, and the machine that they take. */
import { mostForetoldTimes, mostTimes, type Remedy } from '../evidence/basis.ts';
import { commandFor } from '../evidence/commands.ts';
import { type LoadNumbers, togetherOf } from '../evidence/evidence.ts';
import type { Memory } from './memory.ts';

/** How busy tiers that share a machine with the generator may be, as a share: busier, they wait for each other. */
const busyShare = 0.6;
const generatorCores = 1;

/** A run at the least rate from which `rate` is in reach. @param rate requests/s of one server */
export function rateRemedy(strategy: string, rate: number, { cpuMicros, rate: seen }: LoadNumbers): Remedy {
  const enough = roundedUp(rate / mostTimes);
  const cores = (enough * togetherOf(cpuMicros)) / 1e6;
  const wanted = Math.ceil(cores / busyShare) + generatorCores;
  return {
    command: commandFor(strategy, `--rate ${enough}`),
    on: {
      of: 'rate',
      words: `on ${wanted} cores or more (balancer, apps and store would take ${twoDigits(cores)} of them, by what a request took at ${twoDigits(seen)}/s)`,
      least: wanted,
    },
  };
}

/** The most sessions that a run weighs. */
const mostWeighed = 1e7;
const memoryLeft = 1.25;
const GIB = 2 ** 30;

/** Sessions weighed to the least number from which `sessions` are in reach. @param sessions of one server */
export function weighingRemedy(
  strategy: string,
  sessions: number,
  payloadBytes: number,
  memory: Pick<Memory, 'store' | 'app'> | null,
): Remedy {
  const most = Math.min(mostWeighed, Math.max(fewestWeighed, roundedUp(sessions / mostTimes)));
  const numbers = numbersTo(most).join(',');
  return {
    command: commandFor(strategy, `--footprint --sessions ${numbers} --payload ${Math.ceil(payloadBytes)}`),
    on: roomFor(sessions, most, memory),
  };
}

function roomFor(sessions: number, most: number, memory: Pick<Memory, 'store' | 'app'> | null): Remedy['on'] {
  if (sessions > mostWeighed * mostForetoldTimes)
    return {
      of: 'sessions',
      words: `though not even ${about(mostWeighed)}, the most that a run weighs, say anything of ${about(sessions)} on one server`,
      least: Number.POSITIVE_INFINITY,
    };
  if (memory === null) return null;
  const bytes = most * (memory.store.perSession + memory.app.perSession) * memoryLeft;
  const least = Math.ceil(bytes / GIB);
  return { of: 'sessions', words: `with ${least} GiB free for the sessions`, least };
}

/** Fewer are weighed in no time, and say less of a line. */
const fewestWeighed = 1e5;

/** Decades from a thousand, and the last. */
function numbersTo(most: number): readonly number[] {
  const decades = [1e3, 1e4, 1e5, 1e6].filter((each) => each < most);
  return [...decades, most];
}

/** To one digit, and no less than it was. */
function roundedUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return Math.ceil(value / unit - 1e-9) * unit;
}

const three = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const two = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });
const about = (value: number): string => three.format(value);
const twoDigits = (value: number): string => two.format(value);
