/** The deployments of a run: all started once, all but the measured one frozen, a dead one replaced. */
import type { Deployment, DeployOptions, Runtime, Strategy } from '../infra/runtimes/runtime.ts';

/** Starting is half waiting, half work: three at a time keep two cores busy. */
const STARTED_TOGETHER = 3;

export type Start =
  | { readonly status: 'started'; readonly deployment: Deployment }
  | { readonly status: 'failed'; readonly strategy: Strategy; readonly error: Error };

export class Fleet {
  readonly #runtime: Runtime;
  readonly #optionsOf: (strategy: Strategy) => DeployOptions;
  readonly #deployments = new Map<string, Deployment>();

  constructor(runtime: Runtime, optionsOf: (strategy: Strategy) => DeployOptions) {
    this.#runtime = runtime;
    this.#optionsOf = optionsOf;
  }

  /** Starts and freezes; a strategy that fails to start does not hinder the others. */
  async startAll(strategies: readonly Strategy[], signal: AbortSignal): Promise<readonly Start[]> {
    const waiting = [...strategies];
    const starts: Start[] = [];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
        starts.push(await this.#start(next));
      }
    };
    await Promise.all(Array.from({ length: STARTED_TOGETHER }, worker));
    return starts;
  }

  /** Ends what runs and starts all anew. */
  async renew(strategies: readonly Strategy[], signal: AbortSignal): Promise<readonly Start[]> {
    const old = [...this.#deployments.values()];
    this.#deployments.clear();
    await Promise.all(old.map((deployment) => deployment.stop()));
    return this.startAll(strategies, signal);
  }

  /** The running deployment of a strategy; started anew when a server of it has died. */
  async sound(strategy: Strategy): Promise<Start> {
    const deployment = this.#deployments.get(strategy.name);
    if (deployment && deployment.unexpectedExits().length === 0) return { status: 'started', deployment };
    if (deployment) await deployment.stop();
    this.#deployments.delete(strategy.name);
    return this.#start(strategy);
  }

  async #start(strategy: Strategy): Promise<Start> {
    try {
      const deployment = await this.#runtime.deploy(strategy, this.#optionsOf(strategy));
      this.#deployments.set(strategy.name, deployment);
      await deployment.freeze();
      return { status: 'started', deployment };
    } catch (error) {
      return { status: 'failed', strategy, error: error instanceof Error ? error : new Error(String(error)) };
    }
  }
}
