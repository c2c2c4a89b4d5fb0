/** Many sessions end at the same moment, while others are read: how long they stay in the store, and what their going costs. */
import type { FootprintExpiry } from '../../record/footprint.ts';
import { fillSeconds, readSeconds } from '../estimate.ts';
import { MOST_EXPIRED } from '../plan.ts';
import { Crowd, tellingGrowth } from './fill.ts';
import { noneToSpare } from './reading.ts';
import { expectAlive, type SeriesStep, titleOf } from './step.ts';
import { entriesOf, weigh } from './weigh.ts';

/** Filling may take so many times as long as it took before. */
const SLACK = 1.25;
const LEAST_SLACK_SECONDS = 5;
const LOOK_MS = 500;
/** Counting may be work for the server: it is left alone for so many times as long. */
const REST = 4;
/** Of those that ended: a server's own count may be off by a few of its other entries. */
const ALL_GONE = 0.999;

/** @throws Error when a step failed; the reason of the signal when the run was interrupted */
export async function expire(step: SeriesStep): Promise<FootprintExpiry> {
  const { plan, series, reading, tools, deployment } = step;
  const { signal, progress, machine } = tools.context;
  const { readSessions } = plan.design;
  const { payloadBytes } = series;
  const ended = Math.min(series.sizes.at(-1) ?? 0, MOST_EXPIRED);
  const growing = { signal, grown() {} };
  const [living, ending] = [new Crowd(deployment, payloadBytes), new Crowd(deployment, payloadBytes)];
  const activity = `Filling ${titleOf(series)} with sessions that will end`;
  progress.doing(activity);
  await living.growTo(Math.min(readSessions, ended), growing);
  // Long enough to read twice, should the first be disturbed.
  const endsAt =
    machine.now() + 1000 * (secondsToFill(step, ended) + 2 * readSeconds(plan) + LEAST_SLACK_SECONDS);
  const grown = tellingGrowth(activity, { from: 0, to: ended }, progress);
  await tools.journal.timed('fill', () => ending.growTo(ended, { signal, grown, endsAt }));
  const members = await living.members(readSessions);
  const before = await entriesOf(deployment);
  const read = async (title: string, spareSeconds: () => number): Promise<number> =>
    (await reading.read({ series, members, title: `${titleOf(series)}, ${title}`, spareSeconds })).number;
  const beforeTheEnd = (): number => (endsAt - machine.now()) / 1000 - readSeconds(plan);
  const trialBefore = beforeTheEnd() > 0 ? await read('before sessions end', beforeTheEnd) : null;
  while (machine.now() < endsAt && !signal.aborted)
    await machine.pass(Math.min(1000, endsAt - machine.now()), signal);
  signal.throwIfAborted();
  expectAlive(deployment);
  await deployment.thaw();
  const { watchSeconds } = plan.design;
  const watch = new Watch(step, { ended, endsAt, before });
  const watching = watch.run(watchSeconds);
  try {
    const trialDuring = await read('while sessions end', noneToSpare);
    expectAlive(deployment);
    await deployment.thaw();
    const seen = await watching;
    signal.throwIfAborted();
    const weighedAfter = await weigh(deployment);
    return { ended, alive: living.size, ...seen, trialBefore, trialDuring, weighedAfter };
  } finally {
    watch.stop();
  }
}

/** By the largest size so far; as estimated where it took no time. */
function secondsToFill({ book, series }: SeriesStep, sessions: number): number {
  const filled = book.record.points
    .map((point) => point.filled)
    .toSorted((a, b) => b.sessions - a.sessions)[0];
  const known = filled && filled.sessions > 0 ? (sessions * filled.seconds) / filled.sessions : 0;
  return SLACK * Math.max(known, fillSeconds(sessions, series.payloadBytes));
}

interface Ending {
  readonly ended: number;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
  /** Entries before that; null where nobody counts. */
  readonly before: number | null;
}

/** Asks again and again how many are left. */
class Watch {
  readonly #step: SeriesStep;
  readonly #ending: Ending;
  #stopped = false;

  constructor(step: SeriesStep, ending: Ending) {
    this.#step = step;
    this.#ending = ending;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Never throws: a server that does not answer now may do so later. */
  async run(seconds: number): Promise<Pick<FootprintExpiry, 'seconds' | 'watchedSeconds' | 'gone'>> {
    const { deployment, tools } = this.#step;
    const { ended, endsAt, before } = this.#ending;
    let gone: number | null = before === null ? null : 0;
    const { machine, signal } = tools.context;
    const passed = (): number => (machine.now() - endsAt) / 1000;
    while (!this.#stopped && !signal.aborted && before !== null) {
      const began = performance.now();
      const entries = await entriesOf(deployment);
      const took = performance.now() - began;
      if (entries !== null) gone = Math.min(ended, Math.max(0, before - entries));
      const watchedSeconds = passed();
      if (gone !== null && gone >= ALL_GONE * ended) return { seconds: watchedSeconds, watchedSeconds, gone };
      if (watchedSeconds >= seconds) return { seconds: null, watchedSeconds, gone };
      await machine.pass(Math.max(LOOK_MS, REST * took), signal);
    }
    return { seconds: null, watchedSeconds: passed(), gone };
  }
}
