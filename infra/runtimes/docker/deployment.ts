/** One strategy's servers, apps and balancer as containers of one Compose project. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type AppControl, appControl } from '../../services/app/index.ts';
import { sumCounts } from '../../services/counts.ts';
import { portOf, type ReachableNode, type ServiceControl } from '../../services/definition.ts';
import { type BalancerControl, balancerControl } from '../../services/haproxy/index.ts';
import type {
  Deployment,
  MeterReading,
  RequestCounts,
  ServerVersion,
  ServiceBudget,
  Strategy,
  Tier,
  UnexpectedExit,
} from '../runtime.ts';
import { becomeReady, beReadyAgain, type LivingService } from '../service-life.ts';
import { composeFileIn, removeDeploymentFolder, writeDeploymentFolder } from './compose/folder.ts';
import type { Rendering } from './compose/render.ts';
import { composeDown, composeUp } from './compose.ts';
import { budgetsOf, type DeploymentPlan, type PlannedService, tierOf } from './deployment-plan.ts';
import { cpuMicrosOf, memoryBytesOf } from './engine/cgroup.ts';
import type { EngineClient } from './engine/client.ts';
import {
  Container,
  causeOf,
  containersOf,
  inspectContainer,
  lastLines,
  logOf,
  outOfMemoryCause,
} from './engine/containers.ts';
import { explained } from './engine/explain.ts';
import { removeProject } from './engine/sweep.ts';
import type { ContainerEvent, EngineWatch } from './engine/watch.ts';

const ENGINE_GONE = 'the Docker engine went away or was restarted';

export interface DeploymentParts {
  readonly strategy: Strategy;
  readonly plan: DeploymentPlan;
  readonly rendering: Rendering;
  readonly client: EngineClient;
  readonly watch: EngineWatch;
  /** Ends a start that is under way. */
  readonly signal: AbortSignal;
}

interface RunningService extends LivingService {
  readonly planned: PlannedService;
  readonly containers: readonly Container[];
  readonly nodes: readonly ReachableNode[];
}

export class DockerDeployment implements Deployment {
  readonly strategy: Strategy;
  readonly budgets: readonly ServiceBudget[];
  readonly #parts: DeploymentParts;
  /** In order of starting. */
  readonly #services: RunningService[] = [];
  readonly #exits = new Map<string, UnexpectedExit>();
  readonly #learning = new Set<Promise<void>>();
  #app: AppControl | null = null;
  #balancer: BalancerControl | null = null;
  #versions: readonly ServerVersion[] = [];
  #frozen = false;
  #starting: Promise<void> = Promise.resolve();
  #stopping: Promise<readonly Error[]> | null = null;
  readonly #stopped = new AbortController();

  constructor(parts: DeploymentParts) {
    this.strategy = parts.strategy;
    this.budgets = budgetsOf(parts.plan);
    this.#parts = parts;
  }

  get composeFile(): string {
    return composeFileIn(this.#parts.rendering.folder);
  }

  /** Absolute path of the folder that the generator's control socket is in, as the harness sees it. */
  get generatorFolder(): string {
    return path.join(this.#parts.rendering.folder, 'k6', 'run');
  }

  get project(): string {
    return this.#parts.rendering.project;
  }

  /** @throws Error with the last log lines of the container that failed; what was started is stopped by `stop`. */
  async start(): Promise<void> {
    this.#starting = this.#start();
    await this.#starting;
  }

  /** Stores first: what makes one service of several nodes (a cluster) comes before those who use it. */
  async #start(): Promise<void> {
    const { plan, rendering, watch } = this.#parts;
    writeDeploymentFolder(rendering);
    await watch.listen(this.#onEvent);
    if (plan.stores.length > 0) {
      await this.#up(plan.stores.flatMap(({ nodes }) => nodes.map(({ name }) => name)));
      const stores = await Promise.all(plan.stores.map((store) => this.#find(store, controlOf)));
      this.#services.push(...stores);
      await Promise.all(stores.map(becomeReady));
    }
    await this.#up([]);
    const app = await this.#find(plan.app, ({ secret }, nodes) => appControl(nodes, secret('admin token')));
    this.#services.push(app);
    const balancer = await this.#find(plan.balancer, (_service, nodes) => oneBalancer(nodes, app));
    this.#services.push(balancer);
    await becomeReady(app);
    await becomeReady(balancer);
    this.#app = app.control;
    this.#balancer = balancer.control;
    this.#versions = await Promise.all(this.#services.map(versionOf));
  }

  async #up(services: readonly string[]): Promise<void> {
    const signal = AbortSignal.any([this.#parts.signal, this.#stopped.signal]);
    const up = await composeUp(this.composeFile, services, signal);
    if (up.status === 'up') return;
    const failed = await this.#failedContainer().catch(() => null);
    throw new Error(failed ?? explained(`the containers of ${this.strategy.name} do not start`, up.output));
  }

  /** The first container that ended though it should run, with its last words; null when none has. */
  async #failedContainer(): Promise<string | null> {
    const { client } = this.#parts;
    for (const { id, service, state } of await containersOf(client, this.project)) {
      if (state !== 'exited' && state !== 'dead') continue;
      const inspected = await inspectContainer(client, id);
      if (inspected.exitCode === 0 && service.endsWith('-init')) continue;
      return endOf(service, causeOf(inspected), await lastLines(client, id));
    }
    return null;
  }

  async #find<Control extends ServiceControl>(
    planned: PlannedService,
    control: (service: PlannedService, nodes: readonly ReachableNode[]) => Control,
  ): Promise<RunningService & { readonly control: Control }> {
    const { client, rendering } = this.#parts;
    const found = await containersOf(client, this.project);
    const containers = await Promise.all(
      planned.nodes.map(async ({ name }) => {
        const id = found.find(({ service }) => service === name)?.id;
        if (!id) throw new Error(`Compose did not make the container ${name}`);
        return await Container.find(client, name, id);
      }),
    );
    const nodes = planned.nodes.map(({ name, ports }, index): ReachableNode => {
      // A Redis Cluster is told addresses, not names.
      const host = containers[index]?.address ?? '';
      const runFolder = path.join(rendering.folder, name, 'run');
      return { name, host, ports, reach: { host, ports, runFolder } };
    });
    return {
      name: planned.part.name,
      planned,
      containers,
      nodes,
      control: control(planned, nodes),
      gone: () => this.#gone(containers),
    };
  }

  #gone(containers: readonly Container[]): Error | null {
    if (this.#stopping) return new Error(`${this.strategy.name} is being stopped`);
    if (this.#parts.signal.aborted) return new Error('interrupted');
    const exit = containers.map(({ id }) => this.#exits.get(id)).find((each) => each !== undefined);
    return exit ? new Error(endOf(exit.service, exit.cause, exit.lastLogLines)) : null;
  }

  readonly #onEvent = (event: ContainerEvent): void => {
    if (this.#stopping) return;
    if (event.type === 'silence') {
      for (const container of this.#containers()) this.#note(container, ENGINE_GONE);
      return;
    }
    const container = this.#containers().find(({ id }) => id === event.id);
    if (!container) return;
    const outOfMemory = outOfMemoryCause(container.memoryMiB);
    const known = this.#exits.get(container.id)?.cause;
    this.#note(container, event.type === 'out-of-memory' ? outOfMemory : (known ?? 'ended'));
    const learning = this.#learn(container).finally(() => this.#learning.delete(learning));
    this.#learning.add(learning);
  };

  /** Resolves when all that is known of the exits so far has been asked for. */
  async settled(): Promise<void> {
    await Promise.all(this.#learning);
  }

  #containers(): readonly Container[] {
    return this.#services.flatMap(({ containers }) => containers);
  }

  #note({ id, name }: Container, cause: string, lastLogLines: readonly string[] = []): void {
    this.#exits.set(id, { service: name, tier: tierOf(this.#parts.plan, name), cause, lastLogLines });
  }

  /** What the engine knows beyond the event: how it ended, and its last words. */
  async #learn(container: Container): Promise<void> {
    const { client } = this.#parts;
    const [state, lines] = await Promise.all([
      inspectContainer(client, container.id).catch(() => null),
      lastLines(client, container.id),
    ]);
    const known = this.#exits.get(container.id)?.cause ?? 'ended';
    const told = [outOfMemoryCause(container.memoryMiB), ENGINE_GONE].includes(known);
    const cause = state ? causeOf(state) : ENGINE_GONE;
    this.#note(container, told || state?.running ? known : cause, lines);
  }

  /** As k6 reaches it, which shares the balancer's network. */
  get url(): string {
    return `http://127.0.0.1:${this.#port()}`;
  }

  /** As the harness reaches it. */
  get reachableUrl(): string {
    const [balancer] = this.#services.at(-1)?.containers ?? [];
    return `http://${balancer?.address}:${this.#port()}`;
  }

  #port(): number {
    const [node] = this.#parts.plan.balancer.nodes;
    if (!node) throw new Error('the balancer has no node');
    return portOf(node);
  }

  get versions(): readonly ServerVersion[] {
    return this.#versions;
  }

  #started(): { readonly app: AppControl; readonly balancer: BalancerControl } {
    if (!this.#app || !this.#balancer) throw new Error(`${this.strategy.name} has not been started`);
    return { app: this.#app, balancer: this.#balancer };
  }

  /** From the front, so that no server gets work that it cannot pass on. */
  async freeze(): Promise<void> {
    if (this.#frozen) return;
    // Also when it succeeds in part only: `thaw` must then wake what sleeps.
    this.#frozen = true;
    for (const { control, containers } of this.#services.toReversed()) {
      if (containers.every(({ id }) => !this.#exits.has(id))) await control.beforeFreeze?.();
      await Promise.all(containers.map((container) => container.pause()));
    }
  }

  /** From the back, so that each server finds those behind it ready. */
  async thaw(): Promise<void> {
    if (!this.#frozen) return;
    const wake = async (service: RunningService) => {
      await Promise.all(service.containers.map((container) => container.unpause()));
      await beReadyAgain(service);
    };
    const stores = this.#services.slice(0, this.#parts.plan.stores.length);
    await Promise.all(stores.map(wake));
    for (const service of this.#services.slice(stores.length)) await wake(service);
    this.#frozen = false;
  }

  async meter(): Promise<MeterReading> {
    const groupsOf = (tier: Tier) =>
      this.#services
        .filter(({ planned }) => planned.part.tier === tier)
        .flatMap(({ containers }) => containers.map(({ group }) => group));
    const usage = (tier: Tier) => ({
      cpuMicros: groupsOf(tier).reduce((sum, group) => sum + cpuMicrosOf(group), 0),
      memoryBytes: groupsOf(tier).reduce((sum, group) => sum + memoryBytesOf(group), 0),
    });
    return { store: usage('store'), app: usage('app'), balancer: usage('balancer') };
  }

  async requestCounts(): Promise<RequestCounts> {
    const { app: apps, balancer } = this.#started();
    const [requests, counters] = await Promise.all([balancer.requests(), apps.counters()]);
    return { balancer: requests, apps: counters };
  }

  async storeCommands(): Promise<Readonly<Record<string, number>>> {
    const stores = this.#services.filter(({ planned }) => planned.part.tier === 'store');
    return sumCounts(await Promise.all(stores.map(({ control }) => control.commands())));
  }

  async clear(): Promise<void> {
    await this.#started().app.clear();
  }

  unexpectedExits(): readonly UnexpectedExit[] {
    return [...this.#exits.values()];
  }

  async saveLogs(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await copyFile(this.composeFile, path.join(folder, 'compose.yml'));
    for (const { name, id } of this.#containers()) {
      await writeFile(path.join(folder, `${name}.log`), await logOf(this.#parts.client, id));
    }
  }

  stop(): Promise<readonly Error[]> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<readonly Error[]> {
    const { client, rendering, watch } = this.#parts;
    watch.forget(this.#onEvent);
    this.#stopped.abort();
    // A start that is under way may make containers until it has noticed.
    await this.#starting.catch(() => {});
    const errors: Error[] = [];
    const attempt = async (work: () => Promise<unknown>) => {
      await work().catch((error: unknown) =>
        errors.push(error instanceof Error ? error : new Error(String(error))),
      );
    };
    // What is paused cannot be asked to end.
    await attempt(() => Promise.all(this.#containers().map((container) => container.unpause())));
    await attempt(() => composeDown(this.composeFile));
    if (errors.length > 0)
      await attempt(async () => errors.push(...(await removeProject(client, this.project))));
    await attempt(() => removeDeploymentFolder(rendering.folder));
    return errors;
  }
}

const controlOf = ({ part, secret }: PlannedService, nodes: readonly ReachableNode[]): ServiceControl =>
  part.service.control(nodes, secret);

function oneBalancer(nodes: readonly ReachableNode[], app: RunningService): BalancerControl {
  const [node] = nodes;
  if (!node) throw new Error('the balancer has no node');
  return balancerControl(node, app.nodes.length);
}

function endOf(service: string, cause: string, lines: readonly string[]): string {
  const log =
    lines.length > 0 ? `its last log lines:\n  ${lines.join('\n  ')}` : 'it wrote nothing to its log';
  return `${service} ended with ${cause}; ${log}`;
}

async function versionOf({ control, planned, containers }: RunningService): Promise<ServerVersion> {
  const { product, version } = await control.version();
  return { product, version, nodes: containers.length, origin: planned.image.description };
}
