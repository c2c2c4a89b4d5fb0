/** The deployments of a run: started once, at rest while another is measured, replaced when one of their servers has died. */
import { asError } from '../infra/machine/errors.ts';
import type { Deployment, DeployOptions, NetworkMode, Runtime, Strategy } from '../infra/runtimes/runtime.ts';
import { inLanes } from './lanes.ts';

/** Starting is half waiting, half work: three at a time keep two cores busy. */
const STARTED_TOGETHER = 3;

export type Start =
  | { readonly status: 'started'; readonly deployment: Deployment }
  | { readonly status: 'failed'; readonly strategy: Strategy; readonly error: Error };

export interface FleetOptions {
  readonly runtime: Runtime;
  optionsOf(strategy: Strategy): DeployOptions;
  /** Told of each error met while a deployment was stopped. */
  onStopError(error: Error): void;
}

export class Fleet {
  readonly #options: FleetOptions;
  readonly #deployments = new Map<string, Deployment>();

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** Starts and freezes; a strategy that fails to start does not hinder the others. */
  async startAll(strategies: readonly Strategy[], signal: AbortSignal): Promise<readonly Start[]> {
    const starts: Start[] = [];
    await inLanes(STARTED_TOGETHER, strategies, signal, async (strategy) => {
      starts.push(await this.#start(strategy));
    });
    return starts;
  }

  /** Stops what runs and starts all anew. */
  async startAnew(strategies: readonly Strategy[], signal: AbortSignal): Promise<readonly Start[]> {
    await Promise.all([...this.#deployments.values()].map((deployment) => this.#stop(deployment)));
    return this.startAll(strategies, signal);
  }

  /**
   * The deployment of a strategy; started anew where it was stopped, where a server of it has died, or where the way to its
   * servers is another one.
   */
  async running(strategy: Strategy, network = this.#usualNetwork(strategy)): Promise<Start> {
    const deployment = this.#deployments.get(strategy.name);
    if (deployment && isAsWanted(deployment, network)) return { status: 'started', deployment };
    if (deployment) await this.#stop(deployment);
    return this.#start(strategy, network);
  }

  /**
   * Freezes a deployment. One that cannot be frozen, or has lost a server, is stopped: what is left of it would take CPU
   * time from the others' trials.
   * @throws Error when it could not be frozen
   */
  async rest(deployment: Deployment): Promise<void> {
    if (deployment.unexpectedExits().length > 0) return await this.#stop(deployment);
    try {
      await deployment.freeze();
    } catch (error) {
      await this.#stop(deployment);
      throw error;
    }
  }

  /** Stops the deployment of a strategy, so that the next one is new. */
  async discard({ name }: Strategy): Promise<void> {
    const deployment = this.#deployments.get(name);
    if (deployment) await this.#stop(deployment);
  }

  #usualNetwork(strategy: Strategy): NetworkMode {
    return this.#options.optionsOf(strategy).network ?? 'direct';
  }

  async #start(strategy: Strategy, network = this.#usualNetwork(strategy)): Promise<Start> {
    try {
      const options = { ...this.#options.optionsOf(strategy), network };
      const deployment = await this.#options.runtime.deploy(strategy, options);
      this.#deployments.set(strategy.name, deployment);
      await this.rest(deployment);
      return { status: 'started', deployment };
    } catch (error) {
      return { status: 'failed', strategy, error: asError(error) };
    }
  }

  async #stop(deployment: Deployment): Promise<void> {
    this.#deployments.delete(deployment.strategy.name);
    for (const error of await deployment.stop()) this.#options.onStopError(error);
  }
}

/** One without servers has no way to them. */
const isAsWanted = (deployment: Deployment, network: NetworkMode): boolean =>
  deployment.unexpectedExits().length === 0 &&
  (deployment.strategy.topology.services.length === 0 ||
    (deployment.network !== null) === (network === 'proxied'));
