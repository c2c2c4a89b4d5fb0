/** The fault of one trial while the load goes on: it waits for its moment, is done, lasts, and is taken back. */
import { messageOf } from '../../infra/machine/errors.ts';
import type { MachineView } from '../../infra/machine/noise.ts';
import type { Course } from '../../record/faults.ts';
import type { AppCounts } from './app-counts.ts';
import type { Fault, Scene } from './fault.ts';
import { LEAD_SECONDS } from './timing.ts';

export interface Told {
  /** Names of the servers that it was done to; empty where it was not done. */
  readonly servers: readonly string[];
  readonly course: Course;
}

/** Who passes the time of a story, and who counts in it. */
interface Onlookers {
  readonly machine: Pick<MachineView, 'pass'>;
  readonly counts: Pick<AppCounts, 'look'>;
}

/** Seconds since measuring began. */
type Clock = () => number;

export class FaultStory {
  readonly #fault: Fault;
  readonly #scene: Scene;
  readonly #machine: Pick<MachineView, 'pass'>;
  readonly #counts: Pick<AppCounts, 'look'>;
  readonly #signal: AbortSignal;
  #told: Promise<Told> | null = null;
  #beganAt: number | null = null;

  /** @param signal ends all waiting; what was done is then taken back at once */
  constructor(fault: Fault, scene: Scene, { machine, counts }: Onlookers, signal: AbortSignal) {
    this.#fault = fault;
    this.#scene = scene;
    this.#machine = machine;
    this.#counts = counts;
    this.#signal = signal;
  }

  /** To be called when measuring begins. */
  begin(): void {
    const began = performance.now();
    this.#told ??= this.#tell(() => (performance.now() - began) / 1000);
  }

  /** Whether something has been done to the deployment. */
  get hasBegun(): boolean {
    return this.#beganAt !== null;
  }

  /** Resolves when the fault has been taken back, or it is known why not. Never throws. */
  async end(): Promise<Told> {
    return (await this.#told) ?? notBegun;
  }

  async #tell(clock: Clock): Promise<Told> {
    await Promise.all([
      this.#counts.look('measuring'),
      this.#machine.pass(LEAD_SECONDS * 1000, this.#signal),
    ]);
    await this.#counts.look('fault');
    if (this.#signal.aborted) return notBegun;
    const beganAt = clock();
    this.#beganAt = beganAt;
    try {
      const { servers, heal } = await this.#fault.strike(this.#scene);
      const struckAt = clock();
      await this.#machine.pass(this.#fault.lastsSeconds * 1000, this.#signal);
      const failure = await this.#takeBack(heal);
      const course: Course =
        failure === null
          ? { status: 'healed', beganAt, struckAt, healedAt: clock() }
          : { status: 'not-healed', beganAt, struckAt, why: failure };
      if (failure === null) await this.#counts.look('healed');
      return { servers, course };
    } catch (error) {
      return { servers: [], course: { status: 'not-taken', beganAt, why: messageOf(error) } };
    }
  }

  /** @returns why not every server is ready again; null where all are */
  async #takeBack(heal: () => Promise<void>): Promise<string | null> {
    try {
      await heal();
      await this.#scene.deployment.untilReady();
      return null;
    } catch (error) {
      return messageOf(error);
    }
  }
}

const notBegun: Told = { servers: [], course: { status: 'not-begun' } };
