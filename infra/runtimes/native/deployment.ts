/** One strategy's servers, apps and balancer as local processes. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { usageOf } from '../../machine/meter.ts';
import { cacheFolder } from '../../machine/programs/cache.ts';
import type { Executable } from '../../machine/programs/program.ts';
import type { RunFolder } from '../../machine/run-folder.ts';
import { APP_MEMORY_MIB, type AppControl, app, appControl, appSettings } from '../../services/app/index.ts';
import { sumCounts } from '../../services/counts.ts';
import type { Service } from '../../services/definition.ts';
import {
  BALANCER_MEMORY_MIB,
  type BalancerControl,
  balancerControl,
  haproxy,
} from '../../services/haproxy/index.ts';
import { serviceKind } from '../../services/index.ts';
import type {
  Deployment,
  DeployOptions,
  MeterReading,
  RequestCounts,
  ServerVersion,
  Strategy,
  Tier,
  UnexpectedExit,
} from '../runtime.ts';
import { ServiceGroup } from './service-group.ts';

export interface DeploymentParts {
  readonly strategy: Strategy;
  readonly options: DeployOptions;
  readonly programs: ReadonlyMap<string, Executable>;
  readonly run: RunFolder;
}

export class NativeDeployment implements Deployment {
  readonly strategy: Strategy;
  readonly #parts: DeploymentParts;
  /** In order of starting. */
  readonly #groups: ServiceGroup[] = [];
  #app: AppControl | null = null;
  #balancer: BalancerControl | null = null;
  #url: string | null = null;
  #versions: readonly ServerVersion[] = [];
  #frozen = false;
  #stopping: Promise<readonly Error[]> | null = null;

  constructor(parts: DeploymentParts) {
    this.strategy = parts.strategy;
    this.#parts = parts;
  }

  /** @throws Error with the last log lines of the server that failed; what was started is stopped by `stop`. */
  async start(): Promise<void> {
    const stores = this.strategy.topology.services.map((spec) => {
      const kind = serviceKind(spec.kind);
      const { name, count, memoryMiB } = spec;
      return this.#group(kind.tier, kind.configure(spec.settings, count), { name, count, memoryMiB });
    });
    await this.#startTogether(stores);
    const apps = this.#appGroup(stores);
    await apps.start();
    this.#app = appControl(apps.nodes, apps.secret('admin token'));
    const balancer = this.#balancerGroup(apps);
    await balancer.start();
    const [node] = balancer.nodes;
    if (!node) throw new Error('the balancer has no node');
    this.#balancer = balancerControl(node, apps.nodes.length);
    this.#url = `http://${node.host}:${node.ports.main}`;
    this.#versions = await Promise.all(this.#groups.map(versionOf));
  }

  /** All end their start, well or not, before the first error is told: nothing starts behind the back of `stop`. */
  async #startTogether(groups: readonly ServiceGroup[]): Promise<void> {
    const outcomes = await Promise.allSettled(groups.map((group) => group.start()));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  #group(
    tier: Tier,
    service: Service,
    size: { readonly name: string; readonly count: number; readonly memoryMiB: number },
  ): ServiceGroup {
    if (this.#stopping) throw new Error(`${this.strategy.name} is being stopped`);
    const { options, programs, run } = this.#parts;
    const group = new ServiceGroup({
      ...size,
      tier,
      service,
      programs,
      run,
      cores: options.placement.cores[tier],
    });
    this.#groups.push(group);
    return group;
  }

  #appGroup(stores: readonly ServiceGroup[]): ServiceGroup {
    const { options } = this.#parts;
    const settings = appSettings(
      {
        main: options.appMain,
        storeModule: path.join(this.strategy.folder, 'store.ts'),
        compileCache: path.join(cacheFolder(), 'compiled'),
      },
      this.strategy.name,
      Object.fromEntries(stores.map((group) => [group.name, group.control.endpoints])),
      options,
    );
    const service = app.configure(settings, options.apps);
    return this.#group('app', service, { name: 'app', count: options.apps, memoryMiB: APP_MEMORY_MIB });
  }

  #balancerGroup(apps: ServiceGroup): ServiceGroup {
    const { affinity } = this.strategy.topology.balancer;
    const service = haproxy.configure({ affinity, apps: apps.control.endpoints }, 1);
    return this.#group('balancer', service, { name: 'balancer', count: 1, memoryMiB: BALANCER_MEMORY_MIB });
  }

  get url(): string {
    if (!this.#url) throw new Error(`${this.strategy.name} has not been started`);
    return this.#url;
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
    for (const group of this.#groups.toReversed()) await group.freeze();
  }

  /** From the back, so that each server finds those behind it ready. */
  async thaw(): Promise<void> {
    if (!this.#frozen) return;
    const { topology } = this.strategy;
    const stores = this.#groups.slice(0, topology.services.length);
    await Promise.all(stores.map((group) => group.thaw()));
    for (const group of this.#groups.slice(stores.length)) await group.thaw();
    this.#frozen = false;
  }

  async meter(): Promise<MeterReading> {
    const tier = (name: Tier) =>
      usageOf(
        this.#groups
          .filter((group) => group.tier === name)
          .flatMap((group) => group.children.map((child) => child.identity.pid)),
      );
    return { store: tier('store'), app: tier('app'), balancer: tier('balancer') };
  }

  async requestCounts(): Promise<RequestCounts> {
    const { app: apps, balancer } = this.#started();
    const [requests, counters] = await Promise.all([balancer.requests(), apps.counters()]);
    return { balancer: requests, apps: counters };
  }

  async storeCommands(): Promise<Readonly<Record<string, number>>> {
    const stores = this.#groups.filter(({ tier }) => tier === 'store');
    return sumCounts(await Promise.all(stores.map((group) => group.control.commands())));
  }

  async clear(): Promise<void> {
    await this.#started().app.clear();
  }

  unexpectedExits(): readonly UnexpectedExit[] {
    return this.#groups.flatMap((group) =>
      group.children.flatMap((child) =>
        child.failed && child.exit
          ? [
              {
                service: child.options.name,
                tier: group.tier,
                cause: child.exit.cause,
                lastLogLines: child.lastLogLines(),
              },
            ]
          : [],
      ),
    );
  }

  async saveLogs(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const { name, file } of this.#groups.flatMap((group) => group.logFiles)) {
      if (existsSync(file)) await copyFile(file, path.join(folder, `${name}.log`));
    }
  }

  stop(): Promise<readonly Error[]> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<readonly Error[]> {
    const errors: Error[] = [];
    for (const tier of ['balancer', 'app', 'store'] as const) {
      const groups = this.#groups.filter((group) => group.tier === tier);
      errors.push(...(await Promise.all(groups.map((group) => group.stop()))).flat());
    }
    return errors;
  }
}

async function versionOf(group: ServiceGroup): Promise<ServerVersion> {
  const { product, version } = await group.control.version();
  return {
    product,
    version,
    nodes: group.nodes.length,
    origin: group.children[0]?.options.program ?? 'unknown',
  };
}
