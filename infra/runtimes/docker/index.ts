/** The Docker runtime: containers of pinned images, one Compose project for each deployment. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { RunFolder } from '../../machine/run-folder.ts';
import { sweepOrphans } from '../../machine/sweep.ts';
import { unprivilegedUser } from '../../machine/unprivileged.ts';
import { until } from '../../machine/until.ts';
import { app } from '../../services/app/index.ts';
import type { NamedImage, Service, ServiceKind } from '../../services/definition.ts';
import { haproxy } from '../../services/haproxy/index.ts';
import { parseK6Version } from '../../services/k6/index.ts';
import type { ProgramNeed } from '../../services/types.ts';
import { appMain, discoverStrategies } from '../../strategies.ts';
import { anyBalancer, needsOf } from '../needs.ts';
import type {
  Availability,
  Deployment,
  DeployOptions,
  GeneratorOptions,
  GeneratorOutcome,
  Lack,
  Runtime,
  ServerVersion,
  Strategy,
} from '../runtime.ts';
import type { BudgetOverrides } from './budgets.ts';
import { dockerCommand } from './compose.ts';
import { DockerDeployment } from './deployment.ts';
import {
  appPrograms,
  type PlanOptions,
  planDeployment,
  type ServiceImage,
  servicesOf,
} from './deployment-plan.ts';
import { explained } from './engine/explain.ts';
import { forgetToken, rememberToken } from './engine/last-resort.ts';
import { type Labels, ownLabels } from './engine/owner.ts';
import { removeByToken, sweepEngine } from './engine/sweep.ts';
import { EngineWatch } from './engine/watch.ts';
import type { Engine } from './find-engine.ts';
import { runGenerator } from './generator.ts';
import { type ImageOverrides, imageNameOf, namedImageOf } from './image-names.ts';
import { BundleError, buildAppImage, bundleApp, storesBeside } from './images/app.ts';
import { goImage, provideK6Image } from './images/k6.ts';
import { describeImage, ImageError, type LocalImage, obtainImage } from './images/local.ts';
import { type ImageLock, readImageLock } from './images/lock.ts';
import { lookUpPrograms } from './images/programs.ts';

/** An engine that is restarted in the middle of a run is back within seconds. */
const ENGINE_RETURN_MS = 30_000;

export interface DockerRuntimeOptions {
  readonly engine: Engine;
  /** Images in place of the official ones. */
  readonly images: ImageOverrides;
  /** Budgets in place of those that follow from topology and placement. */
  readonly budgets?: BudgetOverrides;
  /** Ends pulling, building and starting. */
  readonly signal: AbortSignal;
  /** Told what the runtime does by itself, such as removing what a killed run left. */
  progress(line: string): void;
}

class DockerRuntime implements Runtime {
  readonly name = 'docker';
  readonly engine: ServerVersion;
  readonly #options: DockerRuntimeOptions;
  readonly #token = randomBytes(8).toString('hex');
  readonly #labels: Labels;
  readonly #run = new RunFolder();
  readonly #watch: EngineWatch;
  readonly #closed = new AbortController();
  readonly #signal: AbortSignal;
  #lock: ImageLock = new Map();
  #strategies: readonly Strategy[] = [];
  /** By the name of the image and what is looked for in it. */
  readonly #images = new Map<string, Promise<ServiceImage | Lack>>();
  readonly #found = new Map<string, ServiceImage>();
  readonly #apps = new Map<string, Promise<ServiceImage>>();
  #k6: LocalImage | null = null;
  readonly #deployments = new Set<DockerDeployment>();
  readonly #generators = new Set<Promise<GeneratorOutcome>>();
  #deployed = 0;
  #closing: Promise<readonly Error[]> | null = null;

  constructor(options: DockerRuntimeOptions) {
    this.#options = options;
    const { version, description } = options.engine;
    this.engine = { product: 'Docker Engine', version, nodes: 1, origin: description };
    this.#labels = ownLabels(this.#token);
    this.#signal = AbortSignal.any([options.signal, this.#closed.signal]);
    this.#watch = new EngineWatch(options.engine.client, this.#token);
    // Before the first container: whatever happens from now on, they are found.
    rememberToken(this.#token);
  }

  async provision(
    strategies: readonly Strategy[],
    progress: (line: string) => void,
  ): Promise<readonly Availability[]> {
    this.#lock = await readImageLock();
    const needs = strategies.map(needsOf);
    const [k6, balancer, base, ...servers] = await Promise.all([
      this.#provideK6(progress),
      this.#provide(haproxy, anyBalancer.programs, progress),
      this.#provide(app, [], progress),
      ...needs.map(({ services }) =>
        Promise.all(
          services.map(({ kind, service }) =>
            this.#provide(namedImageOf(kind, service), service.programs, progress),
          ),
        ),
      ),
    ]);
    const common = [k6, isLack(balancer) ? balancer : null, isLack(base) ? base : null].filter(isLack);
    const lacks = needs.map(({ mistakes }, index) => [
      ...common,
      ...mistakes,
      ...(servers[index] ?? []).filter(isLack),
    ]);
    const able = strategies.filter((_, index) => lacks[index]?.length === 0);
    const broken = common.length === 0 ? await this.#bundle(able, progress) : new Map<string, Lack>();
    return strategies.map(({ name }, index) => {
      const all = [...(lacks[index] ?? []), ...[broken.get(name) ?? []].flat()];
      return all.length > 0
        ? { status: 'unavailable', strategy: name, lacks: all }
        : { status: 'available', strategy: name };
    });
  }

  /** Null when it is there. */
  async #provideK6(progress: (line: string) => void): Promise<Lack | null> {
    try {
      const k6 = await provideK6Image({
        client: this.#options.engine.client,
        folder: this.#run.folder,
        labels: this.#labels,
        signal: this.#signal,
        progress,
        goImage: () => this.#obtain(goImage, progress),
      });
      if (k6.status === 'lacking') return k6.lack;
      this.#k6 = k6.image;
      return null;
    } catch (error) {
      return this.#lackOf('the image of k6', error);
    }
  }

  async #obtain(named: NamedImage, progress: (line: string) => void): Promise<LocalImage> {
    const name = imageNameOf(named, this.#options.images);
    return await obtainImage(this.#options.engine.client, name, this.#lock, progress, this.#signal);
  }

  /** An image, with the programs in it. Two strategies that need the same get it once. */
  #provide(
    named: NamedImage,
    needs: readonly ProgramNeed[],
    progress: (line: string) => void,
  ): Promise<ServiceImage | Lack> {
    const key = this.#keyOf(named, needs);
    const known = this.#images.get(key);
    if (known) return known;
    const providing = this.#lookUp(named, needs, progress);
    this.#images.set(key, providing);
    void providing.then((found) => {
      if (!isLack(found)) this.#found.set(key, found);
    });
    return providing;
  }

  #keyOf(named: NamedImage, needs: readonly ProgramNeed[]): string {
    return JSON.stringify([imageNameOf(named, this.#options.images), needs.map(({ name }) => name).sort()]);
  }

  async #lookUp(
    named: NamedImage,
    needs: readonly ProgramNeed[],
    progress: (line: string) => void,
  ): Promise<ServiceImage | Lack> {
    try {
      const image = await this.#obtain(named, progress);
      const description = describeImage(image);
      if (needs.length === 0) return { reference: image.reference, description, programs: {} };
      const lookup = await lookUpPrograms(image, needs, this.#labels, this.#signal);
      return lookup.status === 'lacking'
        ? lookup.lack
        : { reference: image.reference, description, programs: lookup.programs };
    } catch (error) {
      return this.#lackOf(`the image ${imageNameOf(named, this.#options.images)}`, error);
    }
  }

  /** What a person can mend is a lack; an interruption and all else goes on. */
  #lackOf(what: string, error: unknown): Lack {
    this.#signal.throwIfAborted();
    if (error instanceof ImageError) return { what, why: error.message, remedy: error.remedy };
    throw error;
  }

  /** The app's image for all strategies; gives those whose store cannot be bundled. */
  async #bundle(
    able: readonly Strategy[],
    progress: (line: string) => void,
  ): Promise<ReadonlyMap<string, Lack>> {
    const broken = new Map<string, Lack>();
    const provisioned = [...this.#strategies, ...able];
    // With every strategy of this checkout, whichever are measured: one image serves all runs.
    this.#strategies = [...provisioned, ...(await discoverStrategies().catch(() => []))];
    this.#apps.clear();
    try {
      await this.#appImage(appMain, progress);
    } catch (error) {
      this.#apps.clear();
      if (!(error instanceof BundleError)) {
        const lack = this.#lackOf('the image of the app', error);
        return new Map(able.map(({ name }) => [name, lack]));
      }
      for (const strategy of able) {
        await bundleApp({ main: appMain, strategies: [strategy] }).catch((why: Error) =>
          broken.set(strategy.name, {
            what: `the store of ${strategy.name}`,
            why: why.message,
            remedy: `Mend ${path.join(strategy.folder, 'store.ts')}.`,
          }),
        );
      }
      this.#strategies = provisioned.filter(({ name }) => !broken.has(name));
    }
    return broken;
  }

  /** One image for all strategies of a checkout: the app's, by the path of its main module. */
  #appImage(main: string, progress: (line: string) => void): Promise<ServiceImage> {
    const known = this.#apps.get(main);
    if (known) return known;
    const building = this.#buildApp(main, progress);
    this.#apps.set(main, building);
    return building;
  }

  async #buildApp(main: string, progress: (line: string) => void): Promise<ServiceImage> {
    const { client } = this.#options.engine;
    const sources = { main, strategies: storesBeside(main, this.#strategies) };
    const base = await this.#obtain(app, progress);
    const image = await buildAppImage(client, sources, base, this.#run.folder, progress, this.#signal);
    const description = `${describeImage(image)} on ${describeImage(base)}`;
    return { reference: image.reference, description, programs: appPrograms };
  }

  async deploy(strategy: Strategy, options: DeployOptions): Promise<Deployment> {
    this.#expectOpen();
    await this.#engineAnswers();
    const deployment = await this.#prepare(strategy, options);
    this.#deployments.add(deployment);
    try {
      await deployment.start();
      return deployment;
    } catch (error) {
      const errors = await deployment.stop();
      this.#deployments.delete(deployment);
      if (errors.length === 0) throw error;
      throw new AggregateError(
        [error, ...errors],
        [error, ...errors].map((each) => (each instanceof Error ? each.message : String(each))).join('\n'),
      );
    }
  }

  async #engineAnswers(): Promise<void> {
    const ping = () => this.#options.engine.client.ask('GET', '/_ping');
    const unless = () => (this.#signal.aborted ? new Error('interrupted') : null);
    await until('the Docker engine answers', ENGINE_RETURN_MS, ping, { unless }).catch((error: Error) => {
      throw new Error(explained('the Docker engine does not answer', error.message), { cause: error });
    });
  }

  async #prepare(strategy: Strategy, options: DeployOptions): Promise<DockerDeployment> {
    if (!this.#k6) throw new Error('k6 has not been provisioned');
    const stores = storesBeside(options.appMain, this.#strategies);
    if (!stores.some(({ folder }) => folder === strategy.folder))
      throw new Error(`the store of ${strategy.folder} is not in the image of the app ${options.appMain}`);
    const appImage = await this.#appImage(options.appMain, this.#options.progress);
    const planOptions: PlanOptions = {
      ...options,
      budgets: this.#options.budgets ?? {},
      imageOf: (kind, service) => (kind.kind === app.kind ? appImage : this.#imageOf(kind, service)),
    };
    const plan = planDeployment(strategy, planOptions);
    this.#deployed += 1;
    const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    const rendering = {
      project: `sb-${this.#token.slice(0, 8)}-${this.#deployed}-${strategy.name}`,
      title: strategy.topology.title,
      nodes: servicesOf(plan).flatMap(({ nodes }) => nodes),
      folder: this.#run.subfolder(),
      user: unprivilegedUser() ?? own,
      labels: this.#labels,
      generator: {
        image: this.#k6.reference,
        // It writes into the results, which are the harness' own.
        user: own,
        placement: options.placement,
        overrides: this.#options.budgets ?? {},
      },
    };
    const { client } = this.#options.engine;
    return new DockerDeployment({
      strategy,
      plan,
      rendering,
      client,
      watch: this.#watch,
      signal: this.#signal,
    });
  }

  #imageOf(kind: ServiceKind, service: Service): ServiceImage {
    const named = namedImageOf(kind, service);
    const found = this.#found.get(this.#keyOf(named, service.programs));
    if (!found) throw new Error(`the image ${named.image} has not been provisioned`);
    return found;
  }

  async generatorVersion(): Promise<ServerVersion> {
    if (!this.#k6) throw new Error('k6 has not been provisioned');
    const labels = Object.entries(this.#labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
    const command = ['run', '--rm', '--network', 'none', ...labels, this.#k6.reference, 'version'];
    const { exitCode, stdout, all } = await dockerCommand(command, this.#signal);
    if (exitCode !== 0) throw new Error(explained('k6 does not tell its version', all));
    return { product: 'k6', version: parseK6Version(stdout), nodes: 1, origin: describeImage(this.#k6) };
  }

  async generate(deployment: Deployment, options: GeneratorOptions): Promise<GeneratorOutcome> {
    this.#expectOpen();
    if (!(deployment instanceof DockerDeployment))
      throw new Error('the deployment is of another runtime than Docker');
    const signal = AbortSignal.any([options.signal, this.#closed.signal]);
    const outcome = runGenerator(this.#options.engine.client, deployment, { ...options, signal });
    this.#generators.add(outcome);
    try {
      return await outcome;
    } finally {
      await deployment.settled();
      this.#generators.delete(outcome);
    }
  }

  close(): Promise<readonly Error[]> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #expectOpen(): void {
    if (this.#closing) throw new Error('the runtime is being closed');
  }

  /** What a deployment could not remove itself, for example while the engine was away, is removed by its label. */
  async #close(): Promise<readonly Error[]> {
    this.#closed.abort();
    await Promise.allSettled(this.#generators);
    await Promise.all([...this.#deployments].map((deployment) => deployment.stop()));
    const errors: Error[] = [];
    const attempt = async (work: () => Promise<unknown>) => {
      await work().catch((error: unknown) =>
        errors.push(error instanceof Error ? error : new Error(String(error))),
      );
    };
    await this.#watch.close();
    await attempt(async () =>
      errors.push(...(await removeByToken(this.#options.engine.client, this.#token))),
    );
    await attempt(() => this.#run.remove());
    if (errors.length === 0) forgetToken(this.#token);
    return errors;
  }
}

const isLack = (found: ServiceImage | Lack | null): found is Lack => found !== null && 'remedy' in found;

/** Removes what killed runs of this user left, then stands ready. */
export async function createDockerRuntime(options: DockerRuntimeOptions): Promise<Runtime> {
  for (const line of await sweepEngine(options.engine.client)) options.progress(line);
  for (const line of await sweepOrphans()) options.progress(line);
  return new DockerRuntime(options);
}
