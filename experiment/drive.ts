/** Drives deployments in a closed loop before they count: to see what they carry, and so that their code is warm. */
import path from 'node:path';
import type { Deployment, Strategy } from '../infra/runtimes/runtime.ts';
import type { Fleet } from './fleet.ts';
import type { RunJournal } from './journal.ts';
import { drivesFirst } from './plan.ts';
import { probeCapacity } from './rate.ts';
import type { Experiment } from './run.ts';

const TRIALS_TELL = 'Its trials show whether it works at the common rate.';

export class Driver {
  readonly #experiment: Experiment;
  readonly #journal: RunJournal;
  readonly #fleet: Fleet;
  readonly #driven = new WeakSet<Deployment>();

  constructor(experiment: Experiment, journal: RunJournal, fleet: Fleet) {
    this.#experiment = experiment;
    this.#journal = journal;
    this.#fleet = fleet;
  }

  /** @returns requests per second by name; without those that could not be driven */
  async all(strategies: readonly Strategy[]): Promise<Record<string, number>> {
    const probed: Record<string, number> = {};
    for (const strategy of strategies) {
      if (this.#experiment.signal.aborted) break;
      const rate = await this.sizeUp(strategy, TRIALS_TELL);
      if (rate !== null) probed[strategy.name] = rate;
    }
    return probed;
  }

  /**
   * @param remedy what to do, or to know, where it cannot be driven
   * @returns requests per second; null where it could not be driven, which is told, or the run was interrupted
   */
  async sizeUp(strategy: Strategy, remedy: string): Promise<number | null> {
    this.#experiment.progress.doing(`Sizing up ${strategy.name}`);
    const start = await this.#fleet.sound(strategy);
    if (start.status === 'started') return await this.#drive(start.deployment, remedy);
    this.#told(strategy, start.error, remedy);
    return null;
  }

  /** One that replaced a dead one in the middle of a run would be as cold as all were at first. */
  async unlessDriven(deployment: Deployment): Promise<void> {
    const { plan, progress } = this.#experiment;
    if (!drivesFirst(plan) || this.#driven.has(deployment)) return;
    progress.doing(`Warming up ${deployment.strategy.name}, which was started anew`);
    await this.#drive(deployment, TRIALS_TELL);
  }

  async #drive(deployment: Deployment, remedy: string): Promise<number | null> {
    const { plan, runtime, placement, results, signal } = this.#experiment;
    const folder = path.join(results.path, 'sizing');
    this.#driven.add(deployment);
    try {
      await deployment.thaw();
      const rate = await probeCapacity(runtime, deployment, plan, placement, folder, signal);
      await deployment.freeze();
      return rate;
    } catch (error) {
      this.#told(deployment.strategy, error, remedy);
      return null;
    }
  }

  /** What an interruption made fail is no fault. */
  #told({ name }: Strategy, error: unknown, remedy: string): void {
    if (this.#experiment.signal.aborted) return;
    const message = `${name} could not be sized up: ${error instanceof Error ? error.message : error}`;
    this.#journal.fault({ code: 'not-sized', message, remedy });
    this.#experiment.progress.say(message);
  }
}
