/** What a strategy needs, and its servers, apps and balancer planned for one runtime. Nothing is started. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Tier } from '../../record/common.ts';
import type { Endpoint } from '../../servers/contract/store.ts';
import type { ServiceSpec } from '../../servers/contract/topology.ts';
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
import type { DeployOptions, Lack, Placement, Strategy } from './runtime.ts';

/** The balancer as every strategy needs it. Which apps it balances does not change what it needs. */
export const anyBalancer = haproxy.configure({ affinity: 'none', apps: [{ host: '127.0.0.1', port: 1 }] }, 1);

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
  readonly app: PlannedService<AppControl>;
  readonly balancer: PlannedService<BalancerControl>;
}

/** In order of starting. */
export const servicesOf = ({ stores, app, balancer }: DeploymentPlan): readonly PlannedService[] => [
  ...stores,
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

type Size = Pick<ServiceSpec, 'name' | 'count' | 'memoryMiB'>;

async function planService(
  { name, count, memoryMiB }: Size,
  { kind, service }: NeededService,
  site: Site,
  cores: number,
): Promise<PlannedService> {
  const secret = newSecrets();
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
      secret,
    });
    nodes.push({ name: node, place, plan });
  }
  const control = (reachable: readonly ReachableNode[]) => service.control(reachable, secret);
  return { name, kind, service, memoryMiB, nodes, secret, control };
}

/** The stores of a topology alone. @param cores how many the tier has */
export async function planStores(
  services: readonly ServiceSpec[],
  site: Site,
  cores: number,
): Promise<readonly PlannedService[]> {
  const planned: PlannedService[] = [];
  for (const spec of services) planned.push(await planService(spec, configured(spec), site, cores));
  return planned;
}

export type PlanOptions = Pick<
  DeployOptions,
  'apps' | 'sessionTtlSeconds' | 'sessionLifetimeSeconds' | 'storeTimeoutMs' | 'slowdown'
> & { readonly placement: Pick<Placement, 'cores'> };

export async function planDeployment(
  { name, topology }: Strategy,
  options: PlanOptions,
  site: Site,
): Promise<DeploymentPlan> {
  const cores = (tier: Tier) => options.placement.cores[tier].length;
  const stores = await planStores(topology.services, site, cores('store'));
  const endpoints = Object.fromEntries(stores.map((store) => [store.name, endpointsOf(store)]));
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
    app: { ...apps, control: (nodes) => appControl(nodes, apps.secret('admin token')) },
    balancer: { ...balancer, control: (nodes) => balancerControl(only(nodes), options.apps) },
  };
}

/** @throws Error when there is not one */
export function only<Item>([item, ...others]: readonly Item[]): Item {
  if (item === undefined || others.length > 0) throw new Error('there is one balancer, not more');
  return item;
}
