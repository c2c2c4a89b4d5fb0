/** A deployment without servers, which writes down what is done to it. */

import { nothingSaid } from '../../../servers/contract/topology.ts';
import type { Place } from '../../machine/listening.ts';
import { app } from '../../services/app/index.ts';
import type { ServiceControl } from '../../services/definition.ts';
import { haproxy } from '../../services/haproxy/index.ts';
import { serviceKind } from '../../services/index.ts';
import { toxiproxy } from '../../services/toxiproxy/index.ts';
import type { GeneratorSite } from '../generator/drive.ts';
import type { Node, NodeEnd, Nodes } from '../nodes.ts';
import {
  anyBalancer,
  asClientsSee,
  type DeploymentPlan,
  type PlannedNode,
  type PlannedService,
  servicesOf,
} from '../plan.ts';
import type { NetworkMode, Strategy, TierUsage } from '../runtime.ts';

/** What happened, in order: `start cache-1`, `cache is ready`. */
export type Diary = string[];

/** What a test lets go wrong: by the words of the diary, the error that comes of it. */
export type Mishaps = Map<string, Error>;

/** @throws Error where a mishap is planned for these words */
async function happen(diary: Diary, mishaps: Mishaps, what: string): Promise<void> {
  diary.push(what);
  // Whoever does not wait for it is seen not to.
  await new Promise((resolve) => setImmediate(resolve));
  const mishap = mishaps.get(what);
  if (mishap) throw mishap;
}

export class FakeNode implements Node {
  readonly name: string;
  readonly title: string;
  readonly origin = '/usr/bin/fake';
  readonly #plan: PlannedNode;
  readonly #happen: (what: string) => Promise<void>;
  end: NodeEnd | null = null;
  places: readonly Place[] = [{ address: '127.0.0.1', port: 4000, reach: 'loopback' }];

  constructor(plan: PlannedNode, diary: Diary, mishaps: Mishaps) {
    this.name = plan.name;
    this.title = plan.name;
    this.#plan = plan;
    this.#happen = (what) => happen(diary, mishaps, `${what} ${plan.name}`);
  }

  /** Where the harness reaches it; as its clients do, unless a test says otherwise. */
  reachedAt: string | null = null;

  get reachable() {
    const seen = asClientsSee(this.#plan);
    return { ...seen, reach: { ...seen.reach, host: this.reachedAt ?? seen.reach.host } };
  }

  /** As if somebody else had killed it. */
  die(cause: string): void {
    this.end = { cause, lastLogLines: ['its last words'], wanted: false };
  }

  listening = async () => this.places;
  confine = () => this.#happen('confine');
  freeze = () => this.#happen('freeze');
  thaw = () => this.#happen('thaw');
  stop = () => this.#happen('stop');
  saveLog = () => this.#happen('save the log of');
  reload = () => this.#happen('reload');

  async kill(): Promise<void> {
    await this.#happen('kill');
    this.end = { cause: 'SIGKILL', lastLogLines: [], wanted: true };
  }

  async startAgain(): Promise<void> {
    await this.#happen('start again');
    this.end = null;
  }
}

export class FakeNodes implements Nodes {
  readonly budgets = [];
  readonly files = [];
  readonly diary: Diary;
  readonly mishaps: Mishaps;
  readonly #nodes: ReadonlyMap<PlannedService, readonly FakeNode[]>;

  constructor(services: readonly PlannedService[], diary: Diary, mishaps: Mishaps) {
    this.diary = diary;
    this.mishaps = mishaps;
    this.#nodes = new Map(
      services.map((service) => [service, service.nodes.map((node) => new FakeNode(node, diary, mishaps))]),
    );
  }

  of(service: PlannedService): readonly FakeNode[] {
    return this.#nodes.get(service) ?? [];
  }

  /** @throws Error when there is none of that name */
  node(name: string): FakeNode {
    const found = [...this.#nodes.values()].flat().find((node) => node.name === name);
    if (!found) throw new Error(`there is no node ${name}`);
    return found;
  }

  async start(services: readonly PlannedService[]): Promise<void> {
    const names = services.map(({ name }) => name).join(' and ');
    await happen(this.diary, this.mishaps, `start ${names}`);
    await happen(this.diary, this.mishaps, `launched ${names}`);
  }

  /** One microsecond for each node. */
  usage(nodes: readonly Node[]): TierUsage {
    return { cpuMicros: nodes.length, memoryBytes: 0 };
  }

  generator(): GeneratorSite {
    throw new Error('nothing is driven without servers');
  }

  async settled(): Promise<void> {}

  async remove(): Promise<readonly Error[]> {
    return await happen(this.diary, this.mishaps, 'remove').then(
      () => [],
      (error: Error) => [error],
    );
  }
}

/** Two stores (one of two nodes), two apps and a balancer. */
export interface FakeDeployment {
  readonly strategy: Strategy;
  readonly plan: DeploymentPlan;
  readonly nodes: FakeNodes;
  readonly diary: Diary;
  readonly mishaps: Mishaps;
}

const plannedNode = (name: string): PlannedNode => ({
  name,
  place: {
    listen: '127.0.0.1',
    host: '127.0.0.1',
    ports: { main: 4000 },
    folders: { config: '/etc', data: '/data', run: '/run' },
  },
  plan: {
    files: [],
    init: [],
    command: { program: 'fake', args: [] },
    stopSignal: 'SIGTERM',
    containerStopSignal: 'SIGTERM',
    killSignal: 'SIGKILL',
    unprivileged: false,
  },
});

/**
 * @param empties services that can be emptied by their own means
 * @param logs services that keep a log of what they were told
 */
export function fakeDeployment({
  empties = [],
  logs = [],
  stores = ['cache', 'queue'],
  network = 'direct',
}: {
  /** Of `cache`, with two nodes, and `queue`, with one. */
  readonly stores?: readonly string[];
  readonly empties?: readonly string[];
  readonly logs?: readonly string[];
  readonly network?: NetworkMode;
} = {}): FakeDeployment {
  const diary: Diary = [];
  const mishaps: Mishaps = new Map();
  const control = (name: string): ServiceControl => ({
    endpoints: [],
    answering: () => happen(diary, mishaps, `${name} answers`),
    establish: () => happen(diary, mishaps, `establish ${name}`),
    ready: () => happen(diary, mishaps, `${name} is ready`),
    beforeFreeze: () => happen(diary, mishaps, `${name}: before the freeze`),
    afterThaw: () => happen(diary, mishaps, `${name}: after the thaw`),
    version: async () => ({ product: name, version: '1.2' }),
    commands: async () => ({ get: 2 }),
    tidy: () => happen(diary, mishaps, `tidy ${name}`),
    ...(empties.includes(name) && { empty: () => happen(diary, mishaps, `empty ${name}`) }),
    ...(logs.includes(name) && { emptied: () => happen(diary, mishaps, `shorten the log of ${name}`) }),
  });
  const planned = (name: string, kind: PlannedService['kind'], count: number): PlannedService => ({
    name,
    kind,
    // Nobody looks at it once all is planned.
    service: anyBalancer,
    memoryMiB: 64,
    nodes: Array.from({ length: count }, (_, index) => plannedNode(`${name}-${index + 1}`)),
    secret: (secret) => secret,
    control: () => control(name),
  });
  const redis = serviceKind('redis');
  const counters = async () => [{ login: 1, read: 2, write: 3, logout: 4 }];
  const sessions = async () => [5, 5];
  const liveMemory = async () => {
    await happen(diary, mishaps, 'collect garbage');
    return [1, 2];
  };
  const clear = () => happen(diary, mishaps, 'clear');
  const noPopulation = {
    fill: async () => {},
    members: async () => [],
    difference: async () => null,
    held: async () => null,
  };
  const orders = {
    slow: (milliseconds: number) => happen(diary, mishaps, `slow by ${milliseconds} ms`),
    cut: () => happen(diary, mishaps, 'cut'),
    reset: () => happen(diary, mishaps, 'reset'),
    heal: () => happen(diary, mishaps, 'heal'),
  };
  const plan: DeploymentPlan = {
    stores: [planned('cache', redis, 2), planned('queue', redis, 1)].filter(({ name }) =>
      stores.includes(name),
    ),
    network:
      network === 'proxied'
        ? { ...planned('network', toxiproxy, 1), control: () => ({ ...control('network'), ...orders }) }
        : null,
    app: {
      ...planned('app', app, 2),
      control: () => ({
        ...control('app'),
        ...noPopulation,
        ...{ counters, sessions, liveMemory, clear },
        endUser: async () => 0,
      }),
    },
    balancer: {
      ...planned('balancer', haproxy, 1),
      control: () => ({
        ...control('balancer'),
        requests: async () => ({ requests: 10, answeredByItself: 1 }),
        admit: (number, who) => happen(diary, mishaps, `app ${number} gets ${who}`),
        idle: (number) => happen(diary, mishaps, `app ${number} is idle`),
        worker: async () => String(diary.filter((each) => each === 'reload balancer-1').length),
      }),
    },
  };
  const topology: Strategy['topology'] = {
    title: 'Fake',
    description: 'Without servers.',
    services: [],
    balancer: { affinity: 'none' },
    outlasts: nothingSaid,
    traits: null,
    commandsPerOperation: { login: {}, read: {}, write: {}, logout: {}, probe: {} },
  };
  const services = servicesOf(plan);
  return {
    strategy: { name: 'fake', folder: '/fake', topology },
    plan,
    nodes: new FakeNodes(services, diary, mishaps),
    diary,
    mishaps,
  };
}
