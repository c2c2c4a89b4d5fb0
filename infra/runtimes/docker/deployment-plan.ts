/** A strategy's servers, apps and balancer as nodes of a Compose file. Pure: nothing is started. */

import { app, appSettings } from '../../services/app/index.ts';
import type { ProgramPlace, Service, ServiceKind } from '../../services/definition.ts';
import { haproxy } from '../../services/haproxy/index.ts';
import { serviceKind } from '../../services/index.ts';
import type { DeployOptions, ServiceBudget, Strategy, Tier } from '../runtime.ts';
import { APP_MEMORY_MIB, BALANCER_MEMORY_MIB, type BudgetOverrides, budgetOf } from './budgets.ts';
import { APP_MAIN, APP_NODE, storeModuleIn } from './images/app.ts';
import { namedNodes, type PlannedNode, planNodes, type ServicePart, secretsOf } from './node-plan.ts';

/** An image and where the programs of a service are in it. */
export interface ServiceImage {
  /** The name to run it by. */
  readonly reference: string;
  /** For reports: name and digest. */
  readonly description: string;
  readonly programs: Readonly<Record<string, ProgramPlace>>;
}

export interface PlanOptions
  extends Pick<DeployOptions, 'apps' | 'sessionTtlSeconds' | 'storeTimeoutMs' | 'placement' | 'slowdown'> {
  readonly budgets: BudgetOverrides;
  imageOf(kind: ServiceKind, service: Service): ServiceImage;
}

/** One service with its secrets, images and nodes. */
export interface PlannedService {
  readonly part: ServicePart;
  readonly image: ServiceImage;
  readonly nodes: readonly PlannedNode[];
  readonly secret: (name: string) => string;
}

export interface DeploymentPlan {
  readonly stores: readonly PlannedService[];
  readonly app: PlannedService;
  readonly balancer: PlannedService;
}

/** In order of starting. */
export const servicesOf = ({ stores, app, balancer }: DeploymentPlan): readonly PlannedService[] => [
  ...stores,
  app,
  balancer,
];

interface Size {
  readonly name: string;
  readonly count: number;
  readonly memoryMiB: number;
}

function planService(
  { name, count, memoryMiB }: Size,
  kind: ServiceKind,
  service: Service,
  options: PlanOptions,
): PlannedService {
  const { placement, budgets } = options;
  const image = options.imageOf(kind, service);
  const part: ServicePart = {
    name,
    kind: kind.kind,
    tier: kind.tier,
    service,
    count,
    memoryMiB,
    image: image.reference,
    programs: image.programs,
    budget: budgetOf(kind.tier, memoryMiB, placement, budgets),
    cores: placement.cores[kind.tier].length,
  };
  const secret = secretsOf();
  return { part, image, nodes: planNodes(part, secret), secret };
}

/** As the service's clients reach it, before it has been started: by names. */
const endpointsOf = ({ part, secret }: PlannedService) =>
  part.service.control(namedNodes(part), secret).endpoints;

export function planDeployment({ name, topology }: Strategy, options: PlanOptions): DeploymentPlan {
  const stores = topology.services.map((spec) => {
    const kind = serviceKind(spec.kind);
    return planService(spec, kind, kind.configure(spec.settings, spec.count), options);
  });
  const settings = appSettings(
    { main: APP_MAIN, storeModule: storeModuleIn(name), compileCache: null },
    name,
    Object.fromEntries(stores.map((store) => [store.part.name, endpointsOf(store)])),
    options,
  );
  const apps = planService(
    { name: 'app', count: options.apps, memoryMiB: APP_MEMORY_MIB },
    app,
    app.configure(settings, options.apps),
    options,
  );
  const balancerSettings = { affinity: topology.balancer.affinity, apps: endpointsOf(apps) };
  const balancer = planService(
    { name: 'balancer', count: 1, memoryMiB: BALANCER_MEMORY_MIB },
    haproxy,
    haproxy.configure(balancerSettings, 1),
    options,
  );
  return { stores, app: apps, balancer };
}

/** The app's programs are where the image's recipe has put them. */
export const appPrograms: Readonly<Record<string, ProgramPlace>> = {
  node: { path: APP_NODE, root: null, resolvedName: 'node' },
};

export function budgetsOf(plan: DeploymentPlan): readonly ServiceBudget[] {
  return servicesOf(plan).map(({ part: { name, tier, count, budget } }) => ({
    service: name,
    tier,
    nodes: count,
    cores: budget.cpuset.split(',').map(Number),
    cpus: budget.cpus,
    memoryMiB: budget.memoryMiB,
  }));
}

export const tierOf = (plan: DeploymentPlan, node: string): Tier =>
  servicesOf(plan).find(({ nodes }) => nodes.some(({ name }) => name === node))?.part.tier ?? 'generator';
