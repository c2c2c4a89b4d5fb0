/** The Docker runtime: containers of pinned images, one Compose project for each deployment. */
import { randomBytes } from 'node:crypto';
import { RunFolder } from '../../machine/run-folder.ts';
import { sweepOrphans } from '../../machine/sweep.ts';
import { unprivilegedUser } from '../../machine/unprivileged.ts';
import { until } from '../../machine/until.ts';
import { app } from '../../services/app/index.ts';
import type { Service } from '../../services/definition.ts';
import { parseK6Version } from '../../services/k6/index.ts';
import { toxiproxy } from '../../services/toxiproxy/index.ts';
import { endingWith, ManagedRuntime, type Platform } from '../base.ts';
import { failuresOf } from '../gather.ts';
import { planDeployment } from '../plan.ts';
import type {
  Availability,
  DeployOptions,
  NetworkMode,
  Runtime,
  ServerVersion,
  Strategy,
} from '../runtime.ts';
import type { BudgetOverrides } from './budgets.ts';
import { containedServices, projectName, type Rendering } from './compose/render.ts';
import { dockerSite } from './compose/site.ts';
import { dockerCommand } from './engine/command.ts';
import { explained } from './engine/explain.ts';
import type { Engine } from './engine/find.ts';
import { forgetToken, rememberToken } from './engine/last-resort.ts';
import { ownsProcess } from './engine/own-processes.ts';
import { type Labels, labelArguments, ownLabels } from './engine/owner.ts';
import { freeSubnet } from './engine/subnet.ts';
import { removeByToken, sweepEngine } from './engine/sweep.ts';
import { EngineWatch } from './engine/watch.ts';
import { describeImage } from './images/local.ts';
import { readImageLock } from './images/lock.ts';
import type { ImageOverrides } from './images/names.ts';
import { DockerNodes } from './nodes.ts';
import { type Prepared, prepareImages, provided } from './provision.ts';

/** An engine that is restarted in the middle of a run is back within seconds. */
const ENGINE_RETURN_MS = 30_000;

export interface DockerRuntimeOptions {
  readonly engine: Engine;
  /** Images in place of the official ones. */
  readonly images: ImageOverrides;
  /** Budgets in place of those that follow from topology and placement. */
  readonly budgets: BudgetOverrides;
  /** Ends pulling, building, starting and driving. */
  readonly signal: AbortSignal;
  /** Told what the runtime does by itself, such as removing what a killed run left. */
  progress(line: string): void;
}

class DockerPlatform implements Platform {
  readonly name = 'docker';
  readonly engine: ServerVersion;
  readonly #options: DockerRuntimeOptions;
  readonly #token = randomBytes(8).toString('hex');
  readonly #labels: Labels;
  readonly #run = new RunFolder();
  readonly #watch: EngineWatch;
  #prepared: Prepared | null = null;
  #deployed = 0;

  constructor(options: DockerRuntimeOptions) {
    this.#options = options;
    const { version, description, client } = options.engine;
    this.engine = { product: 'Docker Engine', version, nodes: 1, origin: description };
    this.#labels = ownLabels(this.#token);
    this.#watch = new EngineWatch(client, this.#token);
    // Before the first container: whatever happens from now on, they are found.
    rememberToken(this.#token);
  }

  async provision(
    strategies: readonly Strategy[],
    progress: (line: string) => void,
    network: NetworkMode = 'direct',
  ): Promise<readonly Availability[]> {
    const context = {
      client: this.#options.engine.client,
      labels: this.#labels,
      folder: this.#run.folder,
      overrides: this.#options.images,
      lock: await readImageLock(),
      signal: this.#options.signal,
      progress,
    };
    this.#prepared = await prepareImages(strategies, context, network);
    return this.#prepared.availability;
  }

  #expectPrepared(): Prepared {
    if (!this.#prepared) throw new Error('no image has been provisioned');
    return this.#prepared;
  }

  async prepare(strategy: Strategy, options: DeployOptions) {
    const { imageOf, apps, k6, proxies } = this.#expectPrepared();
    const { engine, budgets, signal } = this.#options;
    const { placement } = options;
    await this.#engineAnswers(signal);
    const appImage = await apps.with(strategy, options.appMain);
    const image = (service: Service) => {
      if (service.image.kind === app.kind) return appImage;
      return provided(service.image.kind === toxiproxy.kind && proxies ? proxies : imageOf(service));
    };
    const site = dockerSite(strategy.name, (service) => image(service).programs);
    this.#deployed += 1;
    const project = projectName(`${this.#token.slice(0, 8)}-${this.#deployed}`, strategy);
    const [plan, subnet] = await Promise.all([
      planDeployment(strategy, options, site),
      freeSubnet(engine.client, `${project}-subnet`, this.#labels).catch((error: Error) => {
        throw new Error(explained('no network can be made', error.message), { cause: error });
      }),
    ]);
    const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    const rendering: Rendering = {
      project,
      title: strategy.topology.title,
      services: containedServices(plan, ({ service }) => image(service), placement, budgets),
      folder: this.#run.subfolder(),
      user: unprivilegedUser() ?? own,
      labels: this.#labels,
      subnet,
      // It writes into the results, which are the harness' own.
      generator: { image: provided(k6).reference, user: own, placement, overrides: budgets },
    };
    return { plan, nodes: new DockerNodes(rendering, engine.client, this.#watch) };
  }

  async #engineAnswers(signal: AbortSignal): Promise<void> {
    const ping = () => this.#options.engine.client.ask('GET', '/_ping');
    const unless = () => (signal.aborted ? signal.reason : null);
    await until('the Docker engine answers', ENGINE_RETURN_MS, ping, { unless }).catch((error: Error) => {
      signal.throwIfAborted();
      throw new Error(explained('the Docker engine does not answer', error.message), { cause: error });
    });
  }

  async generatorVersion(): Promise<ServerVersion> {
    const k6 = provided(this.#expectPrepared().k6);
    const command = ['run', '--rm', '--network', 'none', ...labelArguments(this.#labels)];
    const { signal } = this.#options;
    const { exitCode, stdout, all } = await dockerCommand([...command, k6.reference, 'version'], { signal });
    if (exitCode !== 0) throw new Error(explained('k6 does not tell its version', all));
    return { product: 'k6', version: parseK6Version(stdout), nodes: 1, origin: describeImage(k6) };
  }

  owns(process: Parameters<Runtime['owns']>[0]): boolean {
    return ownsProcess(process, this.#watch.started);
  }

  /** What a deployment could not remove, for example while the engine was away, is removed by its label. */
  async dispose(): Promise<readonly Error[]> {
    await this.#watch.close();
    const errors = [
      ...(await removeByToken(this.#options.engine.client, this.#token)),
      ...(await failuresOf([this.#run.remove()])),
    ];
    if (errors.length === 0) forgetToken(this.#token);
    return errors;
  }
}

/** Removes what killed runs of this user left, then stands ready. */
export async function createDockerRuntime(options: DockerRuntimeOptions): Promise<Runtime> {
  for (const line of await sweepEngine(options.engine.client)) options.progress(line);
  for (const line of await sweepOrphans()) options.progress(line);
  const ending = endingWith(options.signal);
  return new ManagedRuntime(new DockerPlatform({ ...options, signal: ending.signal }), ending);
}
