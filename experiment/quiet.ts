/** Before a trial: is the machine quiet? Where it is not, the trial is put off for a while. */
import { type Activity, type Noise, noiseBetween } from '../infra/machine/noise.ts';
import { type LoudUser, loudest, type TrialNoise } from '../record/noise.ts';
import type { RunContext } from './context.ts';
import type { Patience } from './patience.ts';

/** Milliseconds of a look at a machine that was quiet, and of each while it is loud. */
const FIRST_LOOK_MS = 200;
const NEXT_LOOK_MS = 500;
/** What is loud takes breaths: so many quiet looks in a row end a wait. */
const QUIET_LOOKS = 2;
/** A trial is put off for so many seconds at most; after a wait in vain the next ones are half as long each. */
const LONGEST_WAIT = 30;
const SHORTEST_WAIT = 0.5;

export interface Wait extends Pick<TrialNoise, 'waitedSeconds' | 'waitedFor'> {
  /** False where the machine was loud to the end. */
  readonly quiet: boolean;
}

/** Nobody waited. */
export const noWait: Wait = { quiet: true, waitedSeconds: 0, waitedFor: [] };

/** One wait after the other, as one. */
export const joined = (first: Wait, second: Wait): Wait => ({
  quiet: second.quiet,
  waitedSeconds: first.waitedSeconds + second.waitedSeconds,
  waitedFor: loudest([...first.waitedFor, ...second.waitedFor]),
});

type SecondsLeft = (() => number) | null;
type Surroundings = Pick<RunContext, 'machine' | 'runtime' | 'limits' | 'progress' | 'signal'>;

export class QuietWatch {
  readonly #context: Surroundings;
  readonly #patience: Patience | null;
  /** Seconds. */
  #longest = LONGEST_WAIT;
  #wasQuiet = false;
  #waits = 0;
  #waitedSeconds = 0;

  /** @param patience null where noise is tolerated, and nobody waits */
  constructor(context: Surroundings, patience: Patience | null) {
    this.#context = context;
    this.#patience = patience;
  }

  /** False where no look or wait has found the machine quiet so far. */
  get wasQuiet(): boolean {
    return this.#wasQuiet;
  }

  /** Seconds that trials were put off so far, in the mean of all. */
  get usualWait(): number {
    return this.#waits === 0 ? 0 : this.#waitedSeconds / this.#waits;
  }

  /**
   * Looks, and waits where somebody is loud. Nothing of the run may be working meanwhile. Ends at once when the run is
   * interrupted.
   * @param secondsLeft of the run, this wait aside; null where they are not known
   * @param longest seconds; by default as long as the waits before have earned. 0: nobody looks, since what is to be measured passes by
   */
  async untilQuiet(secondsLeft: SecondsLeft, longest = this.#longest): Promise<Wait> {
    if (this.#patience === null || longest === 0) return noWait;
    const first = await this.#look(await this.#read(), FIRST_LOOK_MS);
    const wait = this.#isLoud(first.noise)
      ? await this.#wait(first, Math.min(longest, this.#patience.left()), secondsLeft)
      : noWait;
    this.#longest = wait.quiet ? LONGEST_WAIT : Math.max(SHORTEST_WAIT, this.#longest / 2);
    this.#wasQuiet ||= wait.quiet;
    this.#patience.waited(wait);
    this.#waits += 1;
    this.#waitedSeconds += wait.waitedSeconds;
    return wait;
  }

  async #wait(first: Look, mostSeconds: number, secondsLeft: SecondsLeft): Promise<Wait> {
    const { progress, signal } = this.#context;
    const heard: LoudUser[] = [...(first.noise?.loud ?? [])];
    let [look, waitedSeconds, quietLooks] = [first, 0, 0];
    while (waitedSeconds < mostSeconds && quietLooks < QUIET_LOOKS && !signal.aborted) {
      const loud = loudest(look.noise?.loud ?? []);
      progress.waiting({
        loud: loud.length > 0 ? loud : loudest(heard),
        waitedSeconds,
        mostSeconds,
        secondsLeft: secondsLeft && secondsLeft() + mostSeconds - waitedSeconds,
      });
      look = await this.#look(look.after, NEXT_LOOK_MS);
      waitedSeconds += look.noise?.seconds ?? NEXT_LOOK_MS / 1000;
      quietLooks = this.#isLoud(look.noise) ? 0 : quietLooks + 1;
      if (quietLooks === 0) heard.push(...(look.noise?.loud ?? []));
    }
    return { quiet: quietLooks === QUIET_LOOKS, waitedSeconds, waitedFor: loudest(heard) };
  }

  async #look(before: Activity, milliseconds: number): Promise<Look> {
    const { machine, runtime, signal } = this.#context;
    await machine.pass(milliseconds, signal);
    const after = await this.#read();
    return { after, noise: noiseBetween(before, after, (process) => runtime.owns(process)) };
  }

  async #read(): Promise<Activity> {
    const { machine } = this.#context;
    return { processes: machine.processes(), cpu: await machine.cpuTimes() };
  }

  /** A system that does not tell is not waited for. */
  #isLoud(noise: Noise | null): boolean {
    const { limits } = this.#context;
    return (
      noise !== null && (noise.foreignShare > limits.foreignShare || noise.stealShare > limits.stealShare)
    );
  }
}

interface Look {
  /** The reading at its end. */
  readonly after: Activity;
  /** Null where the system does not tell. */
  readonly noise: Noise | null;
}
