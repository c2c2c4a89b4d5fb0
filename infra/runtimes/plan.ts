/** What a strategy needs, and its servers, apps and balancer planned for one runtime. Nothing is started. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Tier } from '../../record/common.ts';
import type { Endpoint } from '../../servers/contract/store.ts';
import type { ServiceSpec } from '../../servers/contract/topology.ts';
import { newCertificate } from '../machine/certificate.ts';
import { messageOf } from '../machine/errors.ts';
import type { ProgramPlace } from '../machine/programs/program.ts';
import {
  APP_MEMORY_MIB,
  type AppControl,
  type AppFiles,
  app,
  appControl,
  appSettings,
} from '../services/app/index.ts';
import type {
  NodeContext,
  NodePlan,
  ReachableNode,
  Service,
  ServiceControl,
  ServiceKind,
} from '../services/definition.ts';
import {
  BALANCER_MEMORY_MIB,
  type BalancerControl,
  balancerControl,
  haproxy,
} from '../services/haproxy/index.ts';
import { serviceKind } from '../services/index.ts';
import { type NetworkControl, proxyControl } from '../services/toxiproxy/control.ts';
import { PROXIES_MEMORY_MIB, proxiesBefore, toxiproxy } from '../services/toxiproxy/index.ts';
import type { NetworkMode } from './network.ts';
import type { DeployOptions, Lack, Placement, Strategy } from './runtime.ts';

/** The balancer as every strategy needs it. Which apps it balances does not change what it needs. */
export const anyBalancer = haproxy.configure({ affinity: 'none', apps: [{ host: '127.0.0.1', port: 1 }] }, 1);
/** Proxies as every strategy with servers needs them, likewise. */
export const anyProxies = toxiproxy.configure({ targets: [{ host: '127.0.0.1', port: 1 }] }, 1);

export interface NeededService {
  readonly kind: ServiceKind;
  readonly service: Service;
}

export interface Needs {
  readonly strategy: string;
  readonly services: readonly NeededService[];
  /** A topology that asks for what there is not is a lack of that strategy alone. */
  readonly mistakes: readonly Lack[];
}

export function needsOf({ name, folder, topology }: Strategy): Needs {
  const services: NeededService[] = [];
  const mistakes: Lack[] = [];
  for (const spec of topology.services) {
    try {
      services.push(configured(spec));
    } catch (error) {
      const why = messageOf(error);
      const remedy = `Mend ${path.join(folder, 'topology.ts')}.`;
      mistakes.push({ what: `the service "${spec.name}"`, why, remedy });
    }
  }
  return { strategy: name, services, mistakes };
}

function configured({ kind: name, settings, count }: ServiceSpec): NeededService {
  const kind = serviceKind(name);
  return { kind, service: kind.configure(settings, count) };
}

/** What a plan must know of the runtime that will carry it out. */
export interface Site {
  readonly appFiles: AppFiles;
  /** How many files each server may have open. */
  readonly openFiles: number;
  /** Where a service's programs are, as its processes see them, by the names that the service gives them. */
  programs(service: Service): Readonly<Record<string, ProgramPlace>>;
  /** A place of its own for the node of that name, with a port for each name. */
  place(node: string, ports: readonly string[]): Promise<NodePlace>;
}

/** Where a node lives. */
export interface NodePlace {
  /** The address that it listens on. */
  readonly listen: string;
  /** The name or address by which its clients reach it. */
  readonly host: string;
  readonly ports: Readonly<Record<string, number>>;
  /** As the node sees them. */
  readonly folders: NodeContext['folders'];
}

export interface PlannedNode {
  /** `cache-1`: the service's name and the node's number. */
  readonly name: string;
  readonly place: NodePlace;
  readonly plan: NodePlan;
}

/** @typeParam Control what can be asked of it once it runs */
export interface PlannedService<Control extends ServiceControl = ServiceControl> {
  /** The topology's name for it: `cache`. */
  readonly name: string;
  readonly kind: ServiceKind;
  readonly service: Service;
  /** Of each node. */
  readonly memoryMiB: number;
  /** At least one. */
  readonly nodes: readonly PlannedNode[];
  /** A random secret of this deployment; the same for the same name. */
  readonly secret: (name: string) => string;
  /** Asks the nodes, which are in the order of the plan. */
  readonly control: (nodes: readonly ReachableNode[]) => Control;
}

export interface DeploymentPlan {
  readonly stores: readonly PlannedService[];
  /** The proxies between apps and stores; null where apps connect to the stores, or there are none. */
  readonly network: PlannedService<NetworkControl> | null;
  readonly app: PlannedService<AppControl>;
  readonly balancer: PlannedService<BalancerControl>;
}

/** In order of starting. */
export const servicesOf = ({ stores, network, app, balancer }: DeploymentPlan): readonly PlannedService[] => [
  ...stores,
  ...(network ? [network] : []),
  app,
  balancer,
];

/** As clients reach a node, and the harness too unless a runtime knows another way. */
export const asClientsSee = ({ name, place: { host, ports, folders } }: PlannedNode): ReachableNode => ({
  name,
  host,
  ports,
  reach: { host, ports, runFolder: folders.run },
});

const endpointsOf = ({ control, nodes }: PlannedService): readonly Endpoint[] =>
  control(nodes.map(asClientsSee)).endpoints;

/** Random secrets, made when they are first asked for. */
function newSecrets(): (name: string) => string {
  const made = new Map<string, string>();
  return (name) => {
    const secret = made.get(name) ?? randomBytes(24).toString('hex');
    made.set(name, secret);
    return secret;
  };
}

/** Makes it when it is first asked for. */
function once<Made>(make: () => Made): () => Made {
  let made: { readonly value: Made } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

type Size = Pick<ServiceSpec, 'name' | 'count' | 'memoryMiB'>;

async function planService(
  { name, count, memoryMiB }: Size,
  { kind, service }: NeededService,
  site: Site,
  cores: number,
  network: NetworkMode = 'direct',
): Promise<PlannedService> {
  const secret = newSecrets();
  const certificate = once(() => newCertificate(name));
  const programs = site.programs(service);
  const nodes: PlannedNode[] = [];
  for (let number = 1; number <= count; number++) {
    const node = `${name}-${number}`;
    const place = await site.place(node, service.ports);
    const plan = service.plan({
      name: node,
      number,
      count,
      host: place.listen,
      ports: place.ports,
      folders: place.folders,
      memoryMiB,
      cores,
      openFiles: site.openFiles,
      programs,
      network,
      secret,
      certificate,
    });
    nodes.push({ name: node, place, plan });
  }
  const control = (reachable: readonly ReachableNode[]) => service.control(reachable, secret, certificate);
  return { name, kind, service, memoryMiB, nodes, secret, control };
}

/** The stores of a topology alone. @param cores how many the tier has */
export async function planStores(
  services: readonly ServiceSpec[],
  site: Site,
  cores: number,
  network: NetworkMode = 'direct',
): Promise<readonly PlannedService[]> {
  const planned: PlannedService[] = [];
  for (const spec of services) planned.push(await planService(spec, configured(spec), site, cores, network));
  return planned;
}

/** Proxies before all servers of these services; null where there are none. */
async function planProxies(
  stores: readonly PlannedService[],
  site: Site,
  cores: number,
): Promise<PlannedService<NetworkControl> | null> {
  const targets = stores.flatMap(endpointsOf).map(({ host, port }) => ({ host, port }));
  if (targets.length === 0) return null;
  const service = toxiproxy.configure({ targets }, 1);
  const size = { name: 'network', count: 1, memoryMiB: PROXIES_MEMORY_MIB };
  const planned = await planService(size, { kind: toxiproxy, service }, site, cores);
  return { ...planned, control: (nodes) => proxyControl(only(nodes), proxiesBefore(targets)) };
}

/** The stores' endpoints with the proxies' addresses, which are in the same order. */
function throughProxies(
  stores: readonly PlannedService[],
  proxies: readonly Endpoint[],
): Record<string, readonly Endpoint[]> {
  const waiting = [...proxies];
  const behind = (store: PlannedService) => (server: Endpoint) => {
    const proxy = waiting.shift();
    if (!proxy) throw new Error(`${store.name} has more servers than there are proxies`);
    return { ...server, ...proxy, announcedAs: announcedName(store, server) };
  };
  return Object.fromEntries(stores.map((store) => [store.name, endpointsOf(store).map(behind(store))]));
}

/** As a server that knows the node names it to clients. @throws Error when the endpoint is no node of the service */
function announcedName({ name: service, nodes }: PlannedService, { host, port }: Endpoint): string {
  const node = nodes.find(({ place }) => place.host === host && Object.values(place.ports).includes(port));
  if (!node) throw new Error(`no node of ${service} listens at ${host}:${port}`);
  return `${node.name}:${port}`;
}

export type PlanOptions = Pick<
  DeployOptions,
  | 'apps'
  | 'sessionTtlSeconds'
  | 'sessionLifetimeSeconds'
  | 'storeTimeoutMs'
  | 'userIndex'
  | 'slowdown'
  | 'network'
> & { readonly placement: Pick<Placement, 'cores'> };

export async function planDeployment(
  { name, topology }: Strategy,
  options: PlanOptions,
  site: Site,
): Promise<DeploymentPlan> {
  const cores = (tier: Tier) => options.placement.cores[tier].length;
  const stores = await planStores(topology.services, site, cores('store'), options.network);
  const network = options.network === 'proxied' ? await planProxies(stores, site, cores('store')) : null;
  const direct = Object.fromEntries(stores.map((store) => [store.name, endpointsOf(store)]));
  const endpoints = network ? throughProxies(stores, endpointsOf(network)) : direct;
  const appService = app.configure(
    appSettings(site.appFiles, name, endpoints, topology.store ?? {}, options),
    options.apps,
  );
  const apps = await planService(
    { name: 'app', count: options.apps, memoryMiB: topology.appMemoryMiB ?? APP_MEMORY_MIB },
    { kind: app, service: appService },
    site,
    cores('app'),
  );
  const { affinity } = topology.balancer;
  const balancerService = haproxy.configure({ affinity, apps: endpointsOf(apps) }, 1);
  const balancer = await planService(
    { name: 'balancer', count: 1, memoryMiB: BALANCER_MEMORY_MIB },
    { kind: haproxy, service: balancerService },
    site,
    cores('balancer'),
  );
  return {
    stores,
    network,
    app: { ...apps, control: (nodes) => appControl(nodes, apps.secret('admin token')) },
    balancer: { ...balancer, control: (nodes) => balancerControl(only(nodes), options.apps) },
  };
}

/** @throws Error when there is not one */
export function only<Item>([item, ...others]: readonly Item[]): Item {
  if (item === undefined || others.length > 0) throw new Error('there is one such server, not more');
  return item;
}
