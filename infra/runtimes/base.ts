/** What all runtimes share: they are open or closed, and end what they have started. */
import { asError } from '../machine/errors.ts';
import { ManagedDeployment } from './deployment.ts';
import { joined } from './gather.ts';
import type { Nodes } from './nodes.ts';
import type { DeploymentPlan } from './plan.ts';
import { onFreePlaces } from './running-service.ts';
import type {
  Availability,
  Deployment,
  DeployOptions,
  GeneratorOptions,
  GeneratorOutcome,
  NetworkMode,
  Runtime,
  ServerVersion,
  Strategy,
} from './runtime.ts';

/** The part of a runtime that is its own: what it provides, and the nodes that it runs. */
export interface Platform
  extends Pick<Runtime, 'name' | 'engine' | 'provision' | 'generatorVersion' | 'owns'> {
  /** Plans a deployment and gives the nodes that will carry the plan out. None runs yet. */
  prepare(
    strategy: Strategy,
    options: DeployOptions,
  ): Promise<{ readonly plan: DeploymentPlan; readonly nodes: Nodes }>;
  /**
   * Removes what is left when all deployments have been stopped. Never throws; gives what is wrong still.
   * @param failures what went wrong when they were stopped
   */
  dispose(failures: readonly Error[]): Promise<readonly Error[]>;
}

export class ManagedRuntime implements Runtime {
  readonly name: Runtime['name'];
  readonly engine: ServerVersion | null;
  readonly #platform: Platform;
  readonly #ending: AbortController;
  readonly #deployments = new Set<ManagedDeployment>();
  readonly #generators = new Set<Promise<GeneratorOutcome>>();
  #closing: Promise<readonly Error[]> | null = null;

  /** @param ending ends provisioning, starting and driving; the runtime aborts it when it is closed */
  constructor(platform: Platform, ending: AbortController) {
    this.name = platform.name;
    this.engine = platform.engine;
    this.#platform = platform;
    this.#ending = ending;
  }

  provision(
    strategies: readonly Strategy[],
    progress: (line: string) => void,
    network: NetworkMode = 'direct',
  ): Promise<readonly Availability[]> {
    return this.#platform.provision(strategies, progress, network);
  }

  owns(process: Parameters<Runtime['owns']>[0]): boolean {
    return this.#platform.owns(process);
  }

  generatorVersion(): Promise<ServerVersion> {
    return this.#platform.generatorVersion();
  }

  deploy(strategy: Strategy, options: DeployOptions): Promise<Deployment> {
    return onFreePlaces(() => this.#deploy(strategy, options));
  }

  async #deploy(strategy: Strategy, options: DeployOptions): Promise<Deployment> {
    this.#expectOpen();
    const { plan, nodes } = await this.#platform.prepare(strategy, options);
    const { signal } = this.#ending;
    const deployment = new ManagedDeployment({ strategy, plan, nodes, signal });
    this.#deployments.add(deployment);
    try {
      await deployment.start();
      return deployment;
    } catch (error) {
      const errors = await deployment.stop();
      this.#deployments.delete(deployment);
      throw joined([asError(error), ...errors]);
    }
  }

  async generate(deployment: Deployment, options: GeneratorOptions): Promise<GeneratorOutcome> {
    this.#expectOpen();
    if (!(deployment instanceof ManagedDeployment)) throw new Error('the deployment is not of this runtime');
    const signal = AbortSignal.any([options.signal, this.#ending.signal]);
    const outcome = deployment.generate({ ...options, signal });
    this.#generators.add(outcome);
    try {
      return await outcome;
    } finally {
      this.#generators.delete(outcome);
    }
  }

  #expectOpen(): void {
    if (this.#closing) throw new Error('the runtime is being closed');
  }

  close(): Promise<readonly Error[]> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<readonly Error[]> {
    this.#ending.abort(new Error('the runtime is being closed'));
    await Promise.allSettled(this.#generators);
    const stops = await Promise.all([...this.#deployments].map((deployment) => deployment.stop()));
    return await this.#platform.dispose(stops.flat());
  }
}

/** Aborts with the signal. Its reason is then that the run was interrupted. */
export function endingWith(signal: AbortSignal): AbortController {
  const ending = new AbortController();
  const interrupt = () => ending.abort(new Error('interrupted'));
  if (signal.aborted) interrupt();
  else signal.addEventListener('abort', interrupt, { once: true });
  return ending;
}
