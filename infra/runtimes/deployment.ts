/** A strategy's stores, apps and balancer while they run, the same on every runtime. */
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Strain } from '../../record/strain.ts';
import { asError } from '../machine/errors.ts';
import type { AppControl } from '../services/app/index.ts';
import { sumCounts } from '../services/counts.ts';
import { portOf } from '../services/definition.ts';
import type { BalancerControl } from '../services/haproxy/index.ts';
import type { NetworkControl } from '../services/toxiproxy/control.ts';
import { balancerActs } from './balancer-acts.ts';
import { encryptionOf, knockAtAll, listenersOf, sessionsIn } from './exposure.ts';
import { everyOne, joined } from './gather.ts';
import { driveGenerator } from './generator/drive.ts';
import { insidesOf } from './insides.ts';
import type { Network } from './network.ts';
import type { Node, Nodes } from './nodes.ts';
import { type DeploymentPlan, only } from './plan.ts';
import { populationOf } from './population.ts';
import { RunningService, startTogether, stopTogether } from './running-service.ts';
import type {
  BalancerActs,
  ClearedBy,
  Deployment,
  Encryption,
  GeneratorOptions,
  GeneratorOutcome,
  Insides,
  Knock,
  Listener,
  MeterReading,
  Population,
  RequestCounts,
  Server,
  ServerVersion,
  ServiceBudget,
  Strategy,
  UnexpectedExit,
} from './runtime.ts';
import { strainOf } from './strain.ts';

export interface DeploymentParts {
  readonly strategy: Strategy;
  readonly plan: DeploymentPlan;
  readonly nodes: Nodes;
  /** Ends a start that is under way; its reason is then thrown. */
  readonly signal: AbortSignal;
}

export class ManagedDeployment implements Deployment {
  readonly strategy: Strategy;
  readonly #nodes: Nodes;
  readonly #stores: readonly RunningService[];
  readonly #network: RunningService<NetworkControl> | null;
  readonly #app: RunningService<AppControl>;
  readonly #balancer: RunningService<BalancerControl>;
  readonly #ending = new AbortController();
  readonly #signal: AbortSignal;
  #starting: Promise<void> = Promise.resolve();
  #versions: readonly ServerVersion[] = [];
  #frozen = false;
  #stopping: Promise<readonly Error[]> | null = null;

  constructor({ strategy, plan, nodes, signal }: DeploymentParts) {
    this.strategy = strategy;
    this.#nodes = nodes;
    this.#signal = AbortSignal.any([signal, this.#ending.signal]);
    this.#stores = plan.stores.map((store) => new RunningService(store, nodes.of(store), this.#signal));
    const { network } = plan;
    this.#network = network && new RunningService(network, nodes.of(network), this.#signal);
    this.#app = new RunningService(plan.app, nodes.of(plan.app), this.#signal);
    this.#balancer = new RunningService(plan.balancer, nodes.of(plan.balancer), this.#signal);
  }

  /** Services that do not need each other, in order of starting: each stage needs those before it. */
  get #stages(): readonly (readonly RunningService[])[] {
    return [this.#stores, this.#network ? [this.#network] : [], [this.#app], [this.#balancer]];
  }

  /** @throws Error with the last log lines of the server that failed; `stop` ends what was started */
  async start(): Promise<void> {
    this.#starting = this.#start();
    await this.#starting;
  }

  async #start(): Promise<void> {
    for (const stage of this.#stages) {
      this.#signal.throwIfAborted();
      if (stage.length > 0) await startTogether(stage, this.#nodes, this.#signal);
    }
    this.#versions = await Promise.all(this.#stages.flat().map(versionOf));
  }

  /** As the generator reaches it, which runs beside the balancer on every runtime. */
  get url(): string {
    return `http://127.0.0.1:${portOf(only(this.#balancer.nodes).reachable)}`;
  }

  get balancerUrl(): string {
    return urlOf(only(this.#balancer.nodes));
  }

  get appUrls(): readonly string[] {
    return this.#app.nodes.map(urlOf);
  }

  get versions(): readonly ServerVersion[] {
    return this.#versions;
  }

  get budgets(): readonly ServiceBudget[] {
    return this.#nodes.budgets;
  }

  get balancer(): BalancerActs {
    return balancerActs(this.#balancer, this.#app);
  }

  /** From the back, so that each server finds those behind it ready. */
  async restart(servers: readonly Pick<Server, 'name'>[]): Promise<void> {
    const names = new Set(servers.map(({ name }) => name));
    for (const stage of this.#stages)
      await everyOne(
        stage.map(async (service) => {
          const nodes = service.nodes.filter(({ name }) => names.has(name));
          if (nodes.length > 0) await service.restart(...nodes);
        }),
      );
  }

  async untilReady(): Promise<void> {
    for (const stage of this.#stages) await everyOne(stage.map((service) => service.untilReady()));
  }

  async limitMemory(to: 'full' | 'planned'): Promise<void> {
    const able = this.#stores.flatMap(({ control }) =>
      control.limitMemory ? [control.limitMemory(to)] : [],
    );
    if (able.length === 0)
      throw new Error(`${this.strategy.name} has no server whose memory limit can be moved`);
    await everyOne(able);
  }

  get servers(): readonly Server[] {
    const services = [...this.#stores, this.#app, this.#balancer];
    return services.flatMap((service) => service.nodes.map((node) => serverOf(service, node)));
  }

  get network(): Network | null {
    return this.#network?.control ?? null;
  }

  /** From the front, so that no server gets work that it cannot pass on. */
  async freeze(): Promise<void> {
    if (this.#frozen) return;
    // Also when it succeeds in part only: `thaw` must then wake what sleeps.
    this.#frozen = true;
    for (const stage of this.#stages.toReversed()) await everyOne(stage.map((service) => service.freeze()));
  }

  /** From the back, so that each server finds those behind it ready. */
  async thaw(): Promise<void> {
    if (!this.#frozen) return;
    for (const stage of this.#stages) await everyOne(stage.map((service) => service.thaw()));
    this.#frozen = false;
  }

  async meter(): Promise<MeterReading> {
    const usage = (services: readonly RunningService[]) =>
      this.#nodes.usage(services.flatMap(({ nodes }) => nodes));
    return {
      store: usage(this.#stores),
      network: usage(this.#network ? [this.#network] : []),
      app: usage([this.#app]),
      balancer: usage([this.#balancer]),
    };
  }

  async requestCounts(): Promise<RequestCounts> {
    const [balancer, apps] = await Promise.all([
      this.#balancer.control.requests(),
      this.#app.control.counters(),
    ]);
    return { balancer: balancer.requests, byBalancer: balancer.answeredByItself, apps };
  }

  async storeCommands(): Promise<Readonly<Record<string, number>>> {
    return sumCounts(await Promise.all(this.#stores.map(({ control }) => control.commands())));
  }

  strain(): Promise<Strain> {
    return strainOf(this.#stores, this.#app);
  }

  /** The contract of stores has `clear` as an option, and one that is there may fail. */
  async clear(): Promise<ClearedBy> {
    const how = await this.#clear();
    await everyOne(this.#stores.map(async ({ control }) => control.emptied?.()));
    return how;
  }

  async #clear(): Promise<ClearedBy> {
    const failure = await this.#app.control.clear().then(() => null, asError);
    if (failure === null) return 'store';
    try {
      return await this.clearWithoutStore();
    } catch (error) {
      throw joined([failure, asError(error)]);
    }
  }

  /** Empties the servers. Where there is none, or one that cannot be emptied, sessions end with the processes. */
  async clearWithoutStore(): Promise<ClearedBy> {
    const stubborn = this.#stores.filter(({ control }) => !control.empty);
    await everyOne(this.#stores.map(async ({ control }) => control.empty?.()));
    if (this.#stores.length > 0 && stubborn.length === 0) return 'servers';
    // From the back, one node at a time: a service gets ready with all its nodes.
    for (const service of [...stubborn, this.#app])
      for (const node of service.nodes) await service.restart(node);
    await this.#balancer.untilReady();
    return 'restart';
  }

  get population(): Population {
    const { affinity } = this.strategy.topology.balancer;
    return populationOf(this.#stores, this.#app, affinity, () => this.liveMemory());
  }

  async liveMemory(): Promise<number> {
    return (await this.#app.control.liveMemory()).reduce((sum, bytes) => sum + bytes, 0);
  }

  async countSessions(): Promise<number | null> {
    return sessionsIn(await this.#app.control.sessions(), this.#stores.length > 0);
  }

  listeners(): Promise<readonly Listener[]> {
    return listenersOf(this.#stages.flat());
  }

  knock(): Promise<readonly Knock[]> {
    return knockAtAll(this.#stages.flat());
  }

  encryption(): Promise<readonly Encryption[]> {
    return encryptionOf(this.#stores);
  }

  get insides(): Insides {
    return insidesOf(this.#stores, this.#app);
  }

  unexpectedExits(): readonly UnexpectedExit[] {
    return this.#stages.flat().flatMap(({ plan, nodes }) =>
      nodes.flatMap(({ name, end }) => {
        if (!end || end.wanted) return [];
        const { cause, lastLogLines } = end;
        return [{ service: name, tier: plan.kind.tier, cause, lastLogLines }];
      }),
    );
  }

  /** Runs k6 beside the balancer. @throws Error as `driveGenerator` does */
  async generate(options: GeneratorOptions): Promise<GeneratorOutcome> {
    try {
      return await driveGenerator(this.#nodes.generator(), options);
    } finally {
      await this.#nodes.settled();
    }
  }

  async saveLogs(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const file of this.#nodes.files) await copyFile(file, path.join(folder, path.basename(file)));
    for (const node of this.#stages.flat().flatMap(({ nodes }) => nodes))
      await node.saveLog(path.join(folder, `${node.name}.log`));
  }

  stop(): Promise<readonly Error[]> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<readonly Error[]> {
    this.#ending.abort(new Error(`${this.strategy.name} is being stopped`));
    // A start that is under way may launch something until it has noticed.
    await this.#starting.catch(() => {});
    const errors: Error[] = [];
    for (const stage of this.#stages.toReversed()) errors.push(...(await stopTogether(stage)));
    return [...errors, ...(await this.#nodes.remove())];
  }
}

async function versionOf({ control, nodes }: RunningService): Promise<ServerVersion> {
  const { product, version } = await control.version();
  return { product, version, nodes: nodes.length, origin: nodes[0]?.origin ?? 'unknown' };
}

/** As the harness reaches it. */
const urlOf = ({ name, reachable: { reach } }: Node): string =>
  `http://${reach.host}:${portOf({ name, ports: reach.ports })}`;

const serverOf = (service: RunningService, node: Node): Server => ({
  name: node.name,
  service: service.plan.name,
  tier: service.plan.kind.tier,
  get isRunning() {
    return node.end === null;
  },
  kill: () => node.kill(),
  restart: () => service.restart(node),
  freeze: () => node.freeze(),
  thaw: () => node.thaw(),
});
