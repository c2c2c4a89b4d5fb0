/** A planned deployment as a Compose file, and the files that its containers are given. Pure: nothing is started. */

import { VARIANT_MARK } from '../../../variants.ts';
import { type DeploymentPlan, type PlannedNode, type PlannedService, servicesOf } from '../../plan.ts';
import type { Placement, Strategy } from '../../runtime.ts';
import { type Budget, type BudgetOverrides, budgetOf, generatorBudget } from '../budgets.ts';
import type { Labels } from '../engine/owner.ts';
import type { ServiceImage } from '../images/local.ts';
import { addressIn } from './addresses.ts';
import type { ComposeFile, ComposeService } from './file.ts';
import { type HealthCheck, healthCheck } from './health.ts';
import { INIT_SCRIPT, initFiles } from './init-script.ts';
import { inside } from './site.ts';

/** Who runs a container: numbers, since names differ between images. */
export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Name of a Compose project, which may hold less than a strategy's name. */
export const projectName = (run: string, { name }: Pick<Strategy, 'name'>): string =>
  `sb-${run}-${name.replaceAll(VARIANT_MARK, '_')}`;

/** A planned service with the image that its containers run and what each of them may use. */
export interface ContainedService {
  readonly plan: PlannedService;
  readonly image: ServiceImage;
  readonly budget: Budget;
}

/** @param imageOf the image of a planned service */
export function containedServices(
  plan: DeploymentPlan,
  imageOf: (service: PlannedService) => ServiceImage,
  placement: Placement,
  overrides: BudgetOverrides,
): readonly ContainedService[] {
  return servicesOf(plan).map((service) => ({
    plan: service,
    image: imageOf(service),
    budget: budgetOf(service.kind.tier, service.memoryMiB, placement, overrides),
  }));
}

export interface Rendering {
  readonly project: string;
  readonly title: string;
  /** Stores, then the app, then the balancer. */
  readonly services: readonly ContainedService[];
  /** Absolute path that the containers' folders are under. */
  readonly folder: string;
  readonly user: ContainerUser;
  readonly labels: Labels;
  /** Of the deployment's own network: `172.20.0.0/16`. */
  readonly subnet: string;
  readonly generator: {
    readonly image: string;
    readonly user: ContainerUser;
    readonly placement: Placement;
    readonly overrides: BudgetOverrides;
  };
}

/** A file that must be in place before the start; readable by the containers' user alone. */
export interface RenderedFile {
  /** Under the deployment's folder. */
  readonly path: string;
  readonly content: string;
}

export const BALANCER = 'balancer-1';
export const GENERATOR = 'k6';
/** The folder of the generator's control socket, as k6 sees it. */
export const CONTROL = '/run/session-bench';
const PASSWD = 'passwd';
const folders = ['etc', 'data', 'run'] as const;

/** Folders that must exist, under the deployment's folder. */
export function renderedFolders({ services }: Rendering): readonly string[] {
  const nodes = services.flatMap(({ plan }) => plan.nodes);
  return [...nodes.flatMap(({ name }) => folders.map((folder) => `${name}/${folder}`)), `${GENERATOR}/run`];
}

export function renderFiles({ services, user }: Rendering): readonly RenderedFile[] {
  const files = services.flatMap(({ plan: { nodes }, image }) =>
    nodes.flatMap((node) => [
      ...node.plan.files.map(({ folder, name, content }) => ({
        path: `${node.name}/${folder === 'config' ? 'etc' : 'data'}/${name}`,
        content,
      })),
      ...initFiles(node, image.programs).map(({ name, content }) => ({
        path: `${node.name}/etc/${name}`,
        content,
      })),
    ]),
  );
  // PostgreSQL wants its user to have a name, and no image knows ours.
  const names = `root:x:0:0:root:/:/bin/sh\nsession:x:${user.uid}:${user.gid}:session:/tmp:/bin/sh\n`;
  return [...files, { path: PASSWD, content: names }];
}

export function renderCompose(rendering: Rendering): ComposeFile {
  const { project, title, labels, subnet } = rendering;
  const services: Record<string, ComposeService> = {};
  const nodes = rendering.services.flatMap((service) =>
    service.plan.nodes.map((node) => ({ service, node })),
  );
  for (const [index, { service, node }] of nodes.entries()) {
    if (node.plan.init.length > 0) services[initName(node)] = initService(service, node, rendering);
    const address = addressIn(subnet, index + 1);
    services[node.name] = nodeService(service, node, address, rendering);
  }
  services[GENERATOR] = generatorService(rendering);
  return {
    comment: [
      `${title}, written by session-bench; docker compose of this file works by hand:`,
      `  docker compose -f <this file> up --wait      start it (a Redis Cluster must be formed by hand then)`,
      `  docker compose -f <this file> ps             its containers, and the ports of this machine`,
      `  docker compose -f <this file> down -v        end it`,
      'Its network has addresses that were free when it was written; put others in their place where they are taken.',
      'Secrets are in the files under the folders beside this one, for the containers’ user alone.',
    ],
    name: project,
    services,
    network: { subnet, labels },
  };
}

const initName = (node: PlannedNode) => `${node.name}-init`;

function limits({ budget }: ContainedService) {
  const memory = `${budget.memoryMiB}m`;
  return { cpuset: budget.cpuset, cpus: budget.cpus, mem_limit: memory, memswap_limit: memory };
}

function mounts(node: PlannedNode, { folder }: Rendering): readonly string[] {
  return [
    `${folder}/${PASSWD}:/etc/passwd:ro`,
    `${folder}/${node.name}/etc:${inside.config}:ro`,
    `${folder}/${node.name}/data:${inside.data}`,
    `${folder}/${node.name}/run:${inside.run}`,
  ];
}

const ids = ({ uid, gid }: ContainerUser) => `${uid}:${gid}`;
const scratch = ({ uid, gid }: ContainerUser) => [`/tmp:mode=1777,uid=${uid},gid=${gid}`];

function initService(service: ContainedService, node: PlannedNode, rendering: Rendering): ComposeService {
  return {
    image: service.image.reference,
    entrypoint: ['/bin/sh', `${inside.config}/${INIT_SCRIPT}`],
    user: ids(rendering.user),
    network_mode: 'none',
    volumes: mounts(node, rendering),
    tmpfs: scratch(rendering.user),
    ...limits(service),
    labels: rendering.labels,
  };
}

function nodeService(
  service: ContainedService,
  node: PlannedNode,
  address: string,
  rendering: Rendering,
): ComposeService {
  const { plan, place } = node;
  const { kind } = service.plan;
  const program = service.image.programs[plan.command.program];
  if (!program)
    throw new Error(`${node.name} needs the program ${plan.command.program}, which was not looked for`);
  const dependencies = dependenciesOf(service, node, rendering.services);
  return {
    image: service.image.reference,
    entrypoint: [program.path, ...plan.command.args],
    ...(plan.command.env ? { environment: plan.command.env } : {}),
    user: ids(rendering.user),
    hostname: node.name,
    // Kept when it is started again: others remember it, as a balancer does and the nodes of a Redis Cluster do.
    networks: { default: { ipv4_address: address } },
    ...(Object.keys(dependencies).length > 0 ? { depends_on: dependencies } : {}),
    volumes: mounts(node, rendering),
    tmpfs: scratch(rendering.user),
    // The harness asks servers at their own addresses; this one is for the person at the keyboard.
    ...(kind.tier === 'balancer'
      ? { ports: Object.values(place.ports).map((port) => `127.0.0.1::${port}`) }
      : {}),
    healthcheck: checkOf(service, node),
    ...limits(service),
    stop_signal: plan.containerStopSignal,
    stop_grace_period: '10s',
    labels: rendering.labels,
  };
}

const checkOf = ({ plan: { kind } }: ContainedService, { place }: PlannedNode): HealthCheck =>
  healthCheck(kind.health.ask(place.ports.main ?? 0));

/** Own steps first; an app waits for all stores, the balancer for all apps. */
function dependenciesOf({ plan }: ContainedService, node: PlannedNode, all: readonly ContainedService[]) {
  const before = { generator: null, balancer: 'app', app: 'store', store: null }[plan.kind.tier];
  const servers = all.filter((each) => each.plan.kind.tier === before).flatMap((each) => each.plan.nodes);
  return Object.fromEntries([
    ...(node.plan.init.length > 0 ? [[initName(node), { condition: 'service_completed_successfully' }]] : []),
    ...servers.map(({ name }) => [name, { condition: 'service_healthy' }]),
  ]);
}

/** Not started by `up`: each trial runs one, in the balancer's network, so that it reaches it on loopback. */
function generatorService({ folder, labels, generator }: Rendering): ComposeService {
  const budget = generatorBudget(generator.placement, generator.overrides);
  return {
    image: generator.image,
    profiles: ['load'],
    entrypoint: ['/k6'],
    user: ids(generator.user),
    network_mode: `service:${BALANCER}`,
    volumes: [`${folder}/${GENERATOR}/run:${CONTROL}`],
    tmpfs: scratch(generator.user),
    cpuset: budget.cpuset,
    cpus: budget.cpus,
    mem_limit: `${budget.memoryMiB}m`,
    memswap_limit: `${budget.memoryMiB}m`,
    labels,
  };
}
