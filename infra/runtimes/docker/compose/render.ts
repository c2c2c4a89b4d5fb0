/** A planned deployment as a Compose file, and the files that its containers are given. Pure: nothing is started. */
import type { Placement } from '../../runtime.ts';
import type { BudgetOverrides } from '../budgets.ts';
import { generatorBudget } from '../budgets.ts';
import type { Labels } from '../engine/owner.ts';
import { type HealthCheck, healthCheck } from '../health.ts';
import { inside, type PlannedNode } from '../node-plan.ts';
import type { ComposeFile, ComposeService } from './file.ts';
import { INIT_SCRIPT, initFiles } from './init-script.ts';

/** Who runs a container: numbers, since names differ between images. */
export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
}

export interface Rendering {
  readonly project: string;
  readonly title: string;
  /** Stores, then apps, then the balancer. */
  readonly nodes: readonly PlannedNode[];
  /** Absolute path that the containers' folders are under. */
  readonly folder: string;
  readonly user: ContainerUser;
  readonly labels: Labels;
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
export function renderedFolders(nodes: readonly PlannedNode[]): readonly string[] {
  return [...nodes.flatMap(({ name }) => folders.map((folder) => `${name}/${folder}`)), `${GENERATOR}/run`];
}

export function renderFiles({ nodes, user }: Rendering): readonly RenderedFile[] {
  const files = nodes.flatMap((node) => [
    ...node.plan.files.map(({ folder, name, content }) => ({
      path: `${node.name}/${folder === 'config' ? 'etc' : 'data'}/${name}`,
      content,
    })),
    ...initFiles(node).map(({ name, content }) => ({ path: `${node.name}/etc/${name}`, content })),
  ]);
  // PostgreSQL wants its user to have a name, and no image knows ours.
  const names = `root:x:0:0:root:/:/bin/sh\nsession:x:${user.uid}:${user.gid}:session:/tmp:/bin/sh\n`;
  return [...files, { path: PASSWD, content: names }];
}

export function renderCompose(rendering: Rendering): ComposeFile {
  const { nodes, project, title, labels } = rendering;
  const services: Record<string, ComposeService> = {};
  for (const node of nodes) {
    if (node.plan.init.length > 0) services[initName(node)] = initService(node, rendering);
    services[node.name] = nodeService(node, rendering);
  }
  services[GENERATOR] = generatorService(rendering);
  return {
    comment: [
      `${title}, written by session-bench; docker compose of this file works by hand:`,
      `  docker compose -f <this file> up --wait      start it (a Redis Cluster must be formed by hand then)`,
      `  docker compose -f <this file> ps             its containers, and the ports of this machine`,
      `  docker compose -f <this file> down -v        end it`,
      'Secrets are in the files under the folders beside this one, for the containers’ user alone.',
    ],
    name: project,
    services,
    networkLabels: labels,
  };
}

const initName = (node: PlannedNode) => `${node.name}-init`;

function limits({ part: { budget } }: PlannedNode) {
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

function initService(node: PlannedNode, rendering: Rendering): ComposeService {
  return {
    image: node.part.image,
    entrypoint: ['/bin/sh', `${inside.config}/${INIT_SCRIPT}`],
    user: ids(rendering.user),
    network_mode: 'none',
    volumes: mounts(node, rendering),
    tmpfs: scratch(rendering.user),
    ...limits(node),
    labels: rendering.labels,
  };
}

function nodeService(node: PlannedNode, rendering: Rendering): ComposeService {
  const { plan, part, ports } = node;
  const program = part.programs[plan.command.program];
  if (!program)
    throw new Error(`${part.name} needs the program ${plan.command.program}, which was not looked for`);
  const dependencies = dependenciesOf(node, rendering.nodes);
  return {
    image: part.image,
    entrypoint: [program.path, ...plan.command.args],
    ...(plan.command.env ? { environment: plan.command.env } : {}),
    user: ids(rendering.user),
    hostname: node.name,
    ...(Object.keys(dependencies).length > 0 ? { depends_on: dependencies } : {}),
    volumes: mounts(node, rendering),
    tmpfs: scratch(rendering.user),
    // The harness asks servers at their own addresses; this one is for the person at the keyboard.
    ...(part.tier === 'balancer' ? { ports: Object.values(ports).map((port) => `127.0.0.1::${port}`) } : {}),
    healthcheck: checkOf(node),
    ...limits(node),
    stop_signal: plan.firstProcessStopSignal ?? plan.stopSignal,
    stop_grace_period: '10s',
    labels: rendering.labels,
  };
}

function checkOf({ part, ports }: PlannedNode): HealthCheck {
  return healthCheck(part.kind, ports.main ?? 0);
}

/** Own steps first; an app waits for all stores, the balancer for all apps. */
function dependenciesOf(node: PlannedNode, all: readonly PlannedNode[]) {
  const before = { generator: null, balancer: 'app', app: 'store', store: null }[node.part.tier];
  const servers = all.filter(({ part }) => part.tier === before);
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
