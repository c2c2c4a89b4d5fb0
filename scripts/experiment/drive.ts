/** Drives deployments in a closed loop before they count: to see what they carry, and so that their code is warm. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Deployment, Strategy } from '../../infra/runtime.ts';
import type { Fleet } from './fleet.ts';
import { drivesFirst } from './plan.ts';
import { probeCapacity } from './rate.ts';
import type { Experiment } from './run.ts';
import type { RunJournal } from './run-record.ts';

export class Driver {
  readonly #experiment: Experiment;
  readonly #journal: RunJournal;
  readonly #driven = new WeakSet<Deployment>();

  constructor(experiment: Experiment, journal: RunJournal) {
    this.#experiment = experiment;
    this.#journal = journal;
  }

  /** @returns requests per second by name; without those that could not be driven, which is told */
  async all(fleet: Fleet, strategies: readonly Strategy[]): Promise<Record<string, number>> {
    const { signal, progress } = this.#experiment;
    const probed: Record<string, number> = {};
    for (const strategy of strategies) {
      if (signal.aborted) break;
      progress.doing(`Sizing up ${strategy.name}`);
      const start = await fleet.sound(strategy);
      if (start.status === 'failed') this.#told(strategy, start.error);
      else Object.assign(probed, await this.#drive(strategy, start.deployment));
    }
    return probed;
  }

  /** One that replaced a dead one in the middle of a run would be as cold as all were at first. */
  async unlessDriven(strategy: Strategy, deployment: Deployment): Promise<void> {
    const { plan, progress } = this.#experiment;
    if (!drivesFirst(plan) || this.#driven.has(deployment)) return;
    progress.doing(`Warming up ${strategy.name}, which was started anew`);
    await this.#drive(strategy, deployment);
  }

  async #drive(strategy: Strategy, deployment: Deployment): Promise<Record<string, number>> {
    const { plan, runtime, placement, results, signal } = this.#experiment;
    const folder = path.join(results.path, 'sizing');
    this.#driven.add(deployment);
    try {
      await deployment.thaw();
      const place = path.join(folder, strategy.name);
      const rate = await probeCapacity(runtime, deployment, plan, placement, place, signal);
      await deployment.freeze();
      return { [strategy.name]: rate };
    } catch (error) {
      if (!signal.aborted) this.#told(strategy, error);
      return {};
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  #told(strategy: Strategy, error: unknown): void {
    const message = `${strategy.name} could not be sized up: ${error instanceof Error ? error.message : error}`;
    const remedy = 'Its trials show whether it works at the common rate.';
    this.#journal.fault({ code: 'not-sized', message, remedy });
    this.#experiment.progress.say(message);
  }
}
