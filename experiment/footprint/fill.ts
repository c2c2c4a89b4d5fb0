/** Puts a population into a strategy's store: each app its share, all apps at the same time, part by part. */
import { randomBytes } from 'node:crypto';
import type { Deployment, Member, Population } from '../../infra/runtimes/runtime.ts';
import { formatCount } from '../../record/counted.ts';
import type { Progress } from '../progress.ts';

/** Of one question to an app: a few seconds of work. */
const PART_BYTES = 20_000_000;
const MOST_IN_PART = 20_000;
/** What a session holds beside its payload, about. */
const FIELDS_BYTES = 300;

/** Sessions of one name in a deployment; they are numbered app by app, from 0. */
export class Crowd {
  readonly #population: Population;
  readonly #apps: number;
  readonly #payloadBytes: number;
  /** Nobody can guess the sessions that follow from it. */
  readonly #bulk = `p${randomBytes(6).toString('hex')}`;
  #size = 0;

  constructor({ population, appUrls }: Deployment, payloadBytes: number) {
    this.#population = population;
    this.#apps = appUrls.length;
    this.#payloadBytes = payloadBytes;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Adds sessions until there are so many.
   * @param endsAt when they all end, in milliseconds since 1970; null: after their usual idle life
   * @param grown told how many there are after each part
   * @throws Error when a store took not all of them, or the reason of the signal; how many there are is not known then
   */
  async growTo(
    size: number,
    { endsAt = null, signal, grown }: Growing & { readonly endsAt?: number | null },
  ): Promise<void> {
    const part = partSize(this.#payloadBytes);
    let added = 0;
    await everyShare(this.#apps, async (app) => {
      const [from, to] = [this.#shareOf(this.#size, app), this.#shareOf(size, app)];
      for (let first = from; first < to; first += part) {
        signal.throwIfAborted();
        const count = Math.min(part, to - first);
        const which = { bulk: this.#bulk, from: first, count, payloadBytes: this.#payloadBytes, endsAt };
        await this.#population.fill(app, which);
        added += count;
        grown(this.#size + added);
      }
    });
    this.#size = size;
  }

  /** Some of them, spread evenly over all; of each app as many as it has a share. */
  async members(most: number): Promise<readonly Member[]> {
    const wanted = Math.min(most, this.#size);
    const all: Member[] = [];
    for (let app = 0; app < this.#apps; app += 1) {
      const [share, sample] = [this.#shareOf(this.#size, app), this.#shareOf(wanted, app)];
      const numbers = Array.from({ length: sample }, (_, at) => Math.floor((at * share) / sample));
      all.push(...(await this.#population.members(app, { bulk: this.#bulk, numbers })));
    }
    return all;
  }

  /** How one of the latest differs from what a login writes; null where it does not. */
  async difference(): Promise<string | null> {
    const number = Math.max(0, this.#shareOf(this.#size, 0) - 1);
    return await this.#population.difference(0, {
      bulk: this.#bulk,
      number,
      payloadBytes: this.#payloadBytes,
    });
  }

  /** Of so many sessions, an app's: the first apps have one more where it does not divide. */
  #shareOf(sessions: number, app: number): number {
    return Math.floor(sessions / this.#apps) + (app < sessions % this.#apps ? 1 : 0);
  }
}

export interface Growing {
  readonly signal: AbortSignal;
  grown(sessions: number): void;
}

/** A line for each part would be hundreds. */
const TIMES_TOLD = 20;

/** Tells now and then how many sessions there are. */
export function tellingGrowth(
  activity: string,
  { from, to }: { readonly from: number; readonly to: number },
  progress: Pick<Progress, 'doing'>,
): Growing['grown'] {
  let told = from;
  return (sessions) => {
    if (sessions < to && sessions - told < (to - from) / TIMES_TOLD) return;
    told = sessions;
    progress.doing(`${activity}: ${formatCount(sessions)} of ${formatCount(to)}`);
  };
}

const partSize = (payloadBytes: number): number =>
  Math.max(1, Math.min(MOST_IN_PART, sessionsIn(PART_BYTES, payloadBytes)));

/** About so many take so many bytes. */
export const sessionsIn = (bytes: number, payloadBytes: number): number =>
  Math.floor(bytes / (payloadBytes + FIELDS_BYTES));

/** Side by side. @throws the first error, when nothing is under way any more */
async function everyShare(apps: number, work: (app: number) => Promise<void>): Promise<void> {
  const ends = await Promise.allSettled(Array.from({ length: apps }, (_, app) => work(app)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
