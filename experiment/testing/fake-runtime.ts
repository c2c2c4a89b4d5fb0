/**
 * A runtime without servers, for tests of what a run does: it keeps what it was asked for, invents what the engine would
 * write, and notices what no run may do.
 */
import { setTimeout } from 'node:timers/promises';
import type { CpuTimes } from '../../infra/machine/host.ts';
import type { MachineView } from '../../infra/machine/noise.ts';
import type { ProcessEntry } from '../../infra/machine/process-table.ts';
import type {
  Availability,
  BalancerActs,
  ClearedBy,
  Deployment,
  DeployOptions,
  Encryption,
  GeneratorOptions,
  GeneratorOutcome,
  Knock,
  Lack,
  Listener,
  MeterReading,
  NetworkMode,
  Population,
  RequestCounts,
  Runtime,
  ServerVersion,
  Strategy,
  UnexpectedExit,
} from '../../infra/runtimes/runtime.ts';
import { nothingTold } from '../../infra/services/definition.ts';
import {
  type Errors,
  noErrors,
  noViolations,
  type OperationName,
  sumOf,
  type Violations,
} from '../../record/common.ts';
import { type EngineResult, type HistogramLine, noPacing } from '../../record/engine.ts';
import type { Strain } from '../../record/strain.ts';
import {
  encoded,
  inventedEngine,
  newHistogram,
  writeEngineFiles,
} from '../../record/testing/engine-files.ts';
import { FakeNetwork } from './fake-network.ts';
import { type FakeServer, fakeBalancer, fakeServers } from './fake-servers.ts';

/** What one trial shows; a sound one unless told. */
export interface FakeTrial {
  /** Of every operation, or of each; those that are not named take 500, as all do by default. */
  readonly latencyMicros?: number | Readonly<Partial<Record<OperationName, number>>>;
  /** Of all reads; `all-lost` is one for each. */
  readonly violations?: Partial<Violations> | 'all-lost';
  readonly errors?: Partial<Errors>;
  /** Share of each operation that gets a server error. Default: none. */
  readonly failing?: Readonly<Partial<Record<OperationName, number>>>;
  readonly lagP99Micros?: number;
  /** Seconds of the measured phase in which no arrival got a right answer. Default: none. */
  readonly silent?: readonly [from: number, until: number];
  /** Arrivals that were due besides, and never sent. */
  readonly dropped?: number;
  /** How long the last arrival waited for a connection, as all before it did. Default: 0, and none waited. */
  readonly lastWaitMicros?: number;
  readonly generatorCpuShare?: number;
  /** What other processes of the machine use of its CPU time. */
  readonly foreignShare?: number;
  /** Reads that the balancer answers itself, with an error. Default: 0. */
  readonly byBalancer?: number;
  /** Apps do not tell their counts when the trial ends. */
  readonly mute?: boolean;
  /** The server that ends in the middle of the trial. */
  readonly dies?: string;
  /** How it ends; by itself, unless given. */
  readonly cause?: string;
  /** The population cannot log in, and the generator gives up. */
  readonly loginsFail?: boolean;
  /** Last words of a generator that ends before it has written anything. */
  readonly generatorFails?: string;
  /** What its servers and stores meet in it. */
  readonly strain?: Strain;
  /** What a sweep finds where one is asked for; nothing wrong unless told. `missing`: the generator knows of none. */
  readonly sweep?: FakeSweep | 'missing';
}

export interface FakeSweep {
  /** Of as many sessions as the generator holds. */
  readonly lost?: number;
  /** Reads that got no answer. */
  readonly unread?: number;
  /** Of 40 logouts. */
  readonly undone?: number;
  /** Acknowledged writes that were gone. */
  readonly writes?: number;
  readonly crossed?: number;
}

/** Bytes. */
export interface FakeWeight {
  readonly store: number;
  readonly app: number;
  readonly disk: number | null;
}

export interface FakeScript {
  /** Names of servers that live on when they are killed. Default: none. */
  readonly immortal?: readonly string[];
  /**
   * Cores that another program, `apt-cache (pid 12222)`, uses at a moment of the fake machine, whose time is that of trials,
   * bursts and looks. Default: none. At most one.
   * @param at seconds since the start
   */
  noise?(at: number): number;
  /** How sessions are ended. Default: by the store. */
  readonly clearedBy?: ClearedBy;
  /** What is lacking where proxies are asked for. Default: nothing. */
  readonly lacksProxies?: Lack;
  /** By strategy; what is not named is available. */
  readonly lacks?: Readonly<Record<string, readonly Lack[]>>;
  /** Requests per second in a burst. Default: 4000. */
  burst?(strategy: string): number;
  /** Share of a burst's requests that get no right answer. Default: 0. */
  burstFails?(strategy: string): number;
  trial?(trial: {
    readonly strategy: string;
    readonly rate: number;
    readonly number: number;
    /** By so many milliseconds the way to the servers is slower; 0 where it is direct. */
    readonly addedMs: number;
  }): FakeTrial;
  /** Called before each step, such as `deploy redis` or `measure redis`; what it throws makes the step fail. */
  before?(step: string, runtime: FakeRuntime): void;
  /** Told what each deployment was made of. */
  deployed?(strategy: Strategy, options: DeployOptions): void;
  /** A population logs in until it resolves. Default: at once. */
  seeding?(strategy: string): Promise<void>;
  /** Told what the generator was started with. */
  generating?(options: GeneratorOptions): void;
  /** What so many sessions take. Default: 100 MB in store and apps, however many there are. */
  weighs?(strategy: string, sessions: number): FakeWeight;
  /** Whether servers tell of a log of changes. Nobody answers at the balancer, so that writes fail then. Default: no. */
  readonly logs?: boolean;
  /** How a session that was filled differs from one that a login writes. Default: it does not. */
  readonly difference?: string;
  /** Sessions that end together and are removed per second of the machine's time. Default: all at once. */
  readonly removedPerSecond?: number;
  /** Met while a deployment, or the runtime itself, is stopped. */
  readonly stopErrors?: readonly Error[];
}

/** Share of each operation; a probe follows each logout. */
const shares: Readonly<Record<OperationName, number>> = {
  login: 0.05,
  read: 0.75,
  write: 0.15,
  logout: 0.05,
  probe: 0.05,
};
/** CPU time of balancer, apps and servers together: so little that no rate fills a core. */
const MICROS_PER_REQUEST = 9;
const CORES = 2;
/** How often it is looked whether a load is still alone; 2 ms lie between two looks. */
const LOOKS = 100;
const TICKS_PER_SECOND = 100;

const usage = (cpuMicros: number) => ({ cpuMicros, memoryBytes: 1e8 });

export class FakeRuntime implements Runtime {
  /** What was asked for last, which is what can be deployed. */
  #provisioned: NetworkMode = 'direct';
  readonly name = 'native';
  readonly engine = null;
  /** What was done, in order: `deploy redis`, `freeze redis`, `measure redis`, … */
  readonly steps: string[] = [];
  /** What no run may do, such as measuring one deployment while another one is not frozen. */
  readonly misuse: string[] = [];
  readonly deployments: FakeDeployment[] = [];
  readonly #script: FakeScript;
  readonly #strains = new Map<string, Strain>();
  /** Deployments under load, each with those that were under load at some time of its own. */
  readonly #driven = new Map<FakeDeployment, Set<FakeDeployment>>();
  #trials = 0;
  #interrupted = false;
  #cpu: CpuTimes = { total: 0, idle: 0, steal: 0, interrupts: 0, cores: CORES };
  #loudTicks = 0;

  constructor(script: FakeScript = {}) {
    this.#script = script;
  }

  get clearedBy(): ClearedBy {
    return this.#script.clearedBy ?? 'store';
  }

  weightOf(strategy: string, sessions: number): FakeWeight {
    return this.#script.weighs?.(strategy, sessions) ?? { store: 1e8, app: 1e8, disk: null };
  }

  get logBytes(): number | null {
    return this.#script.logs ? 1_000 : null;
  }

  get difference(): string | null {
    return this.#script.difference ?? null;
  }

  /** Of sessions that ended at a moment of the fake machine, those that are gone now. */
  removedSince(endedAt: number, sessions: number): number {
    const seconds = (this.machine.now() - endedAt) / 1000;
    if (seconds <= 0) return 0;
    return Math.min(
      sessions,
      Math.floor((this.#script.removedPerSecond ?? Number.POSITIVE_INFINITY) * seconds),
    );
  }

  /** @throws whatever the script makes of it */
  step(name: string): void {
    this.steps.push(name);
    this.#script.before?.(name, this);
  }

  /** Of a strategy's trials so far. */
  strainOf(strategy: string): Strain {
    return this.#strains.get(strategy) ?? { servers: [], failures: [], diskFreeBytes: null, unknown: [] };
  }

  /** The one that this pretends to run on. */
  readonly machine: MachineView = {
    cpuTimes: async () => this.#cpu,
    processes: () => new Map([[stranger.pid, { ...stranger, ownTicks: this.#loudTicks }]]),
    now: () => this.now * 1000,
    pass: async (milliseconds) => {
      this.step('look');
      this.#tick(milliseconds / 1000, 0, 0);
    },
  };

  /** Seconds of the fake machine's time since the start. */
  get now(): number {
    return this.#cpu.total / CORES / TICKS_PER_SECOND;
  }

  owns(): boolean {
    return false;
  }

  async provision(
    strategies: readonly Strategy[],
    _progress: (line: string) => void,
    network: NetworkMode = 'direct',
  ): Promise<readonly Availability[]> {
    this.step('provision');
    this.#provisioned = network;
    const { lacksProxies } = this.#script;
    return strategies.map(({ name }) => {
      const proxies = network === 'proxied' && lacksProxies ? [lacksProxies] : undefined;
      const lacks = this.#script.lacks?.[name] ?? proxies;
      return lacks
        ? { status: 'unavailable', strategy: name, lacks }
        : { status: 'available', strategy: name };
    });
  }

  async deploy(strategy: Strategy, options: DeployOptions): Promise<Deployment> {
    this.step(`deploy ${strategy.name}`);
    const { lacksProxies } = this.#script;
    if (options.network === 'proxied') {
      if (lacksProxies) throw new Error(lacksProxies.why);
      if (this.#provisioned !== 'proxied') throw new Error('proxies were not provisioned');
    }
    this.#script.deployed?.(strategy, options);
    if (this.deployments.some((each) => each.strategy.name === strategy.name && each.state !== 'stopped'))
      this.misuse.push(`${strategy.name} was deployed twice`);
    const deployment = new FakeDeployment(this, strategy, options, this.#script.stopErrors ?? []);
    this.deployments.push(deployment);
    return deployment;
  }

  async generatorVersion(): Promise<ServerVersion> {
    return { product: 'k6', version: '2', nodes: 1, origin: 'fake' };
  }

  async generate(deployment: Deployment, options: GeneratorOptions): Promise<GeneratorOutcome> {
    const fake = this.#measured(deployment);
    // The first may have been about to begin.
    if (options.signal.aborted && this.#interrupted)
      this.misuse.push(`${deployment.strategy.name} was measured after the interruption`);
    this.#interrupted = options.signal.aborted;
    this.#script.generating?.(options);
    this.#drive(fake);
    try {
      return options.env.SESSION_LOOP === 'closed'
        ? await this.#burst(fake, options)
        : await this.#trial(fake, options);
    } finally {
      this.#driven.delete(fake);
    }
  }

  #drive(fake: FakeDeployment): void {
    const company = new Set(this.#driven.keys());
    for (const others of this.#driven.values()) others.add(fake);
    this.#driven.set(fake, company);
  }

  async close(): Promise<readonly Error[]> {
    this.step('close');
    for (const each of this.deployments) if (each.state !== 'stopped') await each.stop();
    return this.#script.stopErrors ?? [];
  }

  #measured(deployment: Deployment): FakeDeployment {
    const { name } = deployment.strategy;
    const found = this.deployments.find((each) => each === deployment);
    if (!found) throw new Error(`${name} is not of this runtime`);
    if (found.state !== 'running') this.misuse.push(`${name} was measured while it was ${found.state}`);
    return found;
  }

  /** What runs beside a deployment under load is under load itself, or was when that load began. */
  #lookForIdlers(found: FakeDeployment): void {
    for (const { strategy } of this.#idlers(found))
      this.misuse.push(`${strategy.name} was running while ${found.strategy.name} was measured`);
  }

  #idlers(found: FakeDeployment): readonly FakeDeployment[] {
    return this.deployments.filter(
      (each) => each !== found && each.state === 'running' && !this.#driven.get(found)?.has(each),
    );
  }

  async #burst(deployment: FakeDeployment, options: GeneratorOptions): Promise<GeneratorOutcome> {
    const { name } = deployment.strategy;
    // No barrier holds this load until another that is driven at the same time has begun.
    for (let looks = 0; looks < LOOKS && this.#idlers(deployment).length > 0; looks += 1) await setTimeout(2);
    this.#lookForIdlers(deployment);
    this.step(`burst ${name}`);
    const seconds = Number(options.env.SESSION_DURATION);
    this.#tick(seconds, 0, 0);
    const requests = Math.round((this.#script.burst?.(name) ?? 4000) * seconds);
    const server = Math.round(requests * (this.#script.burstFails?.(name) ?? 0));
    const read = { count: requests, errors: { ...noErrors, server }, violations: noViolations };
    const operations = { read };
    return await this.#finish(options, { seconds, usage: usage(1e5), requests, operations }, {}, []);
  }

  async #trial(deployment: FakeDeployment, options: GeneratorOptions): Promise<GeneratorOutcome> {
    const { name } = deployment.strategy;
    const [rate, planned] = [Number(options.env.SESSION_RATE), Number(options.env.SESSION_DURATION)];
    this.#trials += 1;
    const addedMs = deployment.network?.milliseconds ?? 0;
    const trial = this.#script.trial?.({ strategy: name, rate, number: this.#trials, addedMs }) ?? {};
    if (trial.strain) this.#strains.set(name, trial.strain);
    await options.onEvent({ type: 'phase', phase: 'seed' });
    this.step(`seed ${name}`);
    await this.#script.seeding?.(name);
    await options.onEvent({ type: 'phase', phase: 'warmup' });
    this.#tick(Number(options.env.SESSION_WARMUP), 0, 0);
    if (trial.generatorFails !== undefined)
      return { status: 'failed', cause: 'exit code 107', lastLogLines: [trial.generatorFails] };
    if (trial.loginsFail) return await this.#shut(options);
    await options.onEvent({ type: 'barrier', name: 'before-measure' });
    await options.onEvent({ type: 'phase', phase: 'measure' });
    // What is done to the deployment in the background has the time of a load.
    if (options.env.SESSION_SWEEP === '1') await setTimeout(1);
    this.#lookForIdlers(deployment);
    this.step(`measure ${name}`);
    const seconds = options.signal.aborted ? planned / 2 : planned;
    const operations = operationsOf(rate * seconds, trial);
    const cpuMicros = (trial.generatorCpuShare ?? 0.1) * seconds * 1e6;
    const spent = deployment.serve(operations);
    this.#tick(seconds, (spent + cpuMicros) / 1e6, trial.foreignShare ?? 0.01);
    deployment.answerWithoutApps(trial.byBalancer ?? 0);
    deployment.mute = trial.mute ?? false;
    if (trial.dies !== undefined) deployment.loseServer(trial.dies, trial.cause);
    await options.onEvent({
      type: 'second',
      phase: 'measure',
      second: 0,
      requests: rate,
      errors: 0,
      violations: 0,
      p99Micros: 500,
    });
    await options.onEvent({ type: 'barrier', name: 'after-measure' });
    deployment.mute = false;
    const requests = Object.values(operations).reduce((sum, { count }) => sum + count, 0);
    const measure = { seconds, usage: usage(cpuMicros), requests, operations };
    return await this.#finish(options, measure, trial, linesOf(operations, trial.latencyMicros));
  }

  get immortal(): readonly string[] {
    return this.#script.immortal ?? [];
  }

  /** As the engine ends when the population cannot log in. */
  async #shut({ env, outputFolder }: GeneratorOptions): Promise<GeneratorOutcome> {
    const noPhase = { seconds: 0, usage: usage(0), requests: 0, operations: {} };
    const login = { count: 200, errors: { ...noErrors, server: 200 }, violations: noViolations };
    const engine = inventedEngine({
      status: 'failed',
      offeredRate: Number(env.SESSION_RATE ?? 0),
      measureStartedAt: null,
      measure: noPhase,
      pacing: { ...noPacing, answered: 0, lastWaitMicros: 0 },
    });
    const failure = 'the population could not log in: 200 of 200 logins failed';
    const phases = { ...engine.phases, seed: { ...noPhase, requests: 200, operations: { login } } };
    await writeEngineFiles(outputFolder, { ...engine, failure, phases }, []);
    return { status: 'failed', cause: 'exit code 107', lastLogLines: [failure] };
  }

  async #finish(
    { env, outputFolder, signal }: GeneratorOptions,
    measure: EngineResult['phases']['measure'],
    { lagP99Micros = 100, dropped = 0, lastWaitMicros = 0, silent, sweep = {} }: FakeTrial,
    lines: readonly HistogramLine[],
  ): Promise<GeneratorOutcome> {
    const sent = measure.requests - (measure.operations.probe?.count ?? 0);
    const { probe: _probe, ...arrivals } = measure.operations;
    const failed = Object.values(arrivals).reduce((sum, { errors }) => sum + sumOf(errors), 0);
    const status = signal.aborted ? 'interrupted' : 'finished';
    const engine = inventedEngine({
      status,
      offeredRate: Number(env.SESSION_RATE ?? 0),
      measureStartedAt: '2026-01-01T00:00:00.000Z',
      measure,
      pacing: {
        arrivals: sent + dropped,
        answered: sent - failed,
        dropped,
        waited: lastWaitMicros > 0 ? sent : 0,
        waitP99Micros: 0,
        waitMaxMicros: lastWaitMicros,
        lastWaitMicros,
        lagP50Micros: 10,
        lagP99Micros,
        lagMaxMicros: lagP99Micros,
        redraws: 0,
        reconnects: 0,
      },
    });
    const gaps = silent ? [{ fromSeconds: silent[0], untilSeconds: silent[1] }] : [];
    const asked = env.SESSION_SWEEP === '1' && sweep !== 'missing' && status === 'finished';
    if (asked) this.step('sweep');
    const told = asked ? withSweep(engine, Number(env.SESSION_SESSIONS), sweep) : { ...engine, gaps };
    await writeEngineFiles(outputFolder, told, lines);
    return { status, usage: measure.usage };
  }

  /** Clock ticks of the other program in the next seconds. */
  #noiseIn(seconds: number): number {
    const steps = Math.ceil(seconds * 10);
    const at = (step: number): number => this.now + ((step + 0.5) * seconds) / steps;
    const cores = Array.from({ length: steps }, (_, step) => this.#script.noise?.(at(step)) ?? 0);
    return cores.reduce((sum, each) => sum + each, 0) * (seconds / steps) * TICKS_PER_SECOND;
  }

  #tick(seconds: number, ours: number, foreignShare: number): void {
    const total = seconds * CORES * TICKS_PER_SECOND;
    const loud = this.#noiseIn(seconds);
    const busy = ours * TICKS_PER_SECOND + foreignShare * total + loud;
    this.#loudTicks += loud;
    const { total: before, idle } = this.#cpu;
    this.#cpu = { ...this.#cpu, total: before + total, idle: idle + total - busy };
  }
}

/** Who is loud where the script has noise. */
const stranger: ProcessEntry = {
  pid: 12_222,
  name: 'apt-cache',
  parent: 1,
  group: 12_222,
  state: 'R',
  startTicks: 1,
  ownTicks: 0,
  reapedTicks: 0,
};

export class FakeDeployment implements Deployment {
  readonly strategy: Strategy;
  readonly url = 'http://127.0.0.1:1';
  readonly balancerUrl = 'http://127.0.0.1:1';
  readonly appUrls = ['http://127.0.0.1:1', 'http://127.0.0.1:1'];
  readonly versions: readonly ServerVersion[] = [];
  readonly budgets = [];
  readonly insides = {
    endUser: async () => 0,
    contents: async () => null,
    overwrite: async () => null,
  };
  readonly servers: readonly FakeServer[];
  readonly balancer: BalancerActs;
  /** As with real ones: what has no servers has nothing between. */
  readonly network: FakeNetwork | null;
  state: 'running' | 'frozen' | 'stopped' = 'running';
  readonly #runtime: FakeRuntime;
  readonly #stopErrors: readonly Error[];
  readonly #exits: UnexpectedExit[] = [];
  #cpuMicros = 0;
  #byBalancer = 0;
  #mute = false;
  /** Sessions that were filled, those that are to end apart. */
  #filled = 0;
  #ending = { sessions: 0, at: 0 };
  #counts: Record<Exclude<OperationName, 'probe'>, number> = { login: 0, read: 0, write: 0, logout: 0 };

  constructor(
    runtime: FakeRuntime,
    strategy: Strategy,
    { network }: Pick<DeployOptions, 'network'>,
    stopErrors: readonly Error[],
  ) {
    this.#runtime = runtime;
    this.strategy = strategy;
    const between = network === 'proxied' && strategy.name !== 'sticky';
    this.network = between ? new FakeNetwork((what) => runtime.step(`${strategy.name}: ${what}`)) : null;
    this.#stopErrors = stopErrors;
    const tell = (what: string) => runtime.step(what);
    this.servers = fakeServers(strategy, tell, runtime.immortal);
    this.balancer = fakeBalancer(tell);
  }

  async untilReady(): Promise<void> {
    const [dead] = this.#exits;
    if (dead) throw new Error(`${dead.service} ended with ${dead.cause}`);
  }

  async limitMemory(to: 'full' | 'planned'): Promise<void> {
    this.#runtime.step(`limit the memory to ${to}`);
  }

  async restart(servers: readonly { readonly name: string }[]): Promise<void> {
    const names = new Set(servers.map(({ name }) => name));
    for (const server of this.servers) if (names.has(server.name)) await server.restart();
  }

  /** @returns CPU time in microseconds */
  serve(operations: EngineResult['phases']['measure']['operations']): number {
    const before = this.#cpuMicros;
    for (const [name, { count }] of Object.entries(operations)) {
      // Object.entries gives string; an engine's result has no other keys than operations.
      const operation = name as OperationName;
      this.#counts[operation === 'probe' ? 'read' : operation] += count;
      this.#cpuMicros += MICROS_PER_REQUEST * count;
    }
    return this.#cpuMicros - before;
  }

  /** So many requests got their answer from the balancer alone. */
  answerWithoutApps(count: number): void {
    this.#byBalancer += count;
  }

  /** Its counters cannot be read, from now on or again. */
  set mute(mute: boolean) {
    this.#mute = mute;
  }

  loseServer(service: string, cause = 'exit code 1'): void {
    this.#exits.push({ service, tier: 'store', cause, lastLogLines: ['Ready to accept'] });
  }

  async freeze(): Promise<void> {
    this.#act('freeze', 'frozen');
  }

  async thaw(): Promise<void> {
    this.#act('thaw', 'running');
    const [dead] = this.#exits;
    if (dead) throw new Error(`${dead.service} does not answer`);
  }

  #act(step: string, next: 'running' | 'frozen'): void {
    this.#runtime.step(`${step} ${this.strategy.name}`);
    if (this.state === 'stopped') throw new Error(`${this.strategy.name} was stopped`);
    this.state = next;
  }

  async clear(): Promise<ClearedBy> {
    this.#runtime.step(`clear ${this.strategy.name}`);
    this.#filled = 0;
    this.#ending = { sessions: 0, at: 0 };
    return this.#runtime.clearedBy;
  }

  async meter(): Promise<MeterReading> {
    const each = usage(this.#cpuMicros / 3);
    const { store, app } = this.#weight;
    return {
      balancer: each,
      app: { ...each, memoryBytes: app },
      store: { ...each, memoryBytes: store },
      network: usage(0),
    };
  }

  get #entries(): number {
    const { sessions, at } = this.#ending;
    return this.#filled + sessions - (sessions > 0 ? this.#runtime.removedSince(at, sessions) : 0);
  }

  get #weight(): FakeWeight {
    return this.#runtime.weightOf(this.strategy.name, this.#entries);
  }

  readonly population: Population = {
    fill: async (app, { count, endsAt }) => {
      if (this.state !== 'running')
        throw new Error(`${this.strategy.name} was filled while it was ${this.state}`);
      this.#runtime.step(`fill ${this.strategy.name} ${app} ${count}`);
      if (endsAt === null) this.#filled += count;
      else this.#ending = { sessions: this.#ending.sessions + count, at: endsAt };
    },
    members: async (app, { numbers }) =>
      numbers.map((number) => ({ user: `user-${app}-${number}`, cookies: 'session=x' })),
    difference: async () => this.#runtime.difference,
    tidy: async () => this.#weight.app / 2,
    entries: async () => this.#entries,
    holding: async () => ({
      ...nothingTold,
      diskBytes: this.#weight.disk,
      logBytes: this.#runtime.logBytes,
    }),
  };

  async requestCounts(): Promise<RequestCounts> {
    const { login, read, write, logout } = this.#counts;
    const idle = { login: 0, read: 0, write: 0, logout: 0 };
    const balancer = login + read + write + logout;
    const served = { ...this.#counts, read: read - this.#byBalancer };
    if (this.#mute) throw new Error('app-1: no answer');
    return { balancer, byBalancer: this.#byBalancer, apps: [served, idle] };
  }

  async storeCommands(): Promise<Readonly<Record<string, number>>> {
    return { get: this.#counts.read };
  }

  async strain(): Promise<Strain> {
    return this.#runtime.strainOf(this.strategy.name);
  }

  async liveMemory(): Promise<number> {
    return 0;
  }

  async countSessions(): Promise<number> {
    return 0;
  }

  async listeners(): Promise<readonly Listener[]> {
    return [];
  }

  async knock(): Promise<readonly Knock[]> {
    return [];
  }

  async encryption(): Promise<readonly Encryption[]> {
    return [];
  }

  unexpectedExits(): readonly UnexpectedExit[] {
    return this.#exits;
  }

  async saveLogs(): Promise<void> {
    this.#runtime.step(`save logs of ${this.strategy.name}`);
  }

  async stop(): Promise<readonly Error[]> {
    this.state = 'stopped';
    this.#runtime.step(`stop ${this.strategy.name}`);
    return this.#stopErrors;
  }
}

const PROBES = 40;

/** What the engine says besides where it was asked for a sweep. */
function withSweep(
  engine: EngineResult,
  alive: number,
  { lost = 0, unread = 0, undone = 0, writes = 0, crossed = 0 }: FakeSweep,
): EngineResult {
  const read = {
    count: alive,
    errors: { ...noErrors, server: unread },
    violations: { ...noViolations, lost, crossed, stale: writes },
  };
  const probe = { count: PROBES, errors: noErrors, violations: { ...noViolations, resurrected: undone } };
  const requests = alive + PROBES;
  return {
    ...engine,
    phases: {
      ...engine.phases,
      sweep: { seconds: 1, usage: usage(1e4), requests, operations: { read, probe } },
    },
    swept: { alive, ended: PROBES },
    losses: { sessions: lost, writes },
    gaps: [],
  };
}

function operationsOf(due: number, { violations, errors, failing, byBalancer = 0 }: FakeTrial) {
  const each = (operation: OperationName) => {
    const count = Math.round(due * shares[operation]);
    const server = Math.round(count * (failing?.[operation] ?? 0)) + (operation === 'read' ? byBalancer : 0);
    const wrong = violations === 'all-lost' ? { lost: count - server } : violations;
    return {
      count,
      errors: { ...noErrors, server, ...(operation === 'read' && errors) },
      violations: { ...noViolations, ...(operation === 'read' && wrong) },
    };
  };
  return {
    login: each('login'),
    read: each('read'),
    write: each('write'),
    logout: each('logout'),
    probe: each('probe'),
  };
}

const encodings = new Map<string, string>();

/** So many operations, each as long as the others. */
function encodedLatencies(count: number, micros: number): string {
  const key = `${count} ${micros}`;
  const known = encodings.get(key);
  if (known !== undefined) return known;
  const histogram = newHistogram();
  if (count > 0) histogram.recordValueWithCount(micros, count);
  const text = encoded(histogram);
  encodings.set(key, text);
  return text;
}

/** All of a trial within its first second. */
const linesOf = (
  operations: ReturnType<typeof operationsOf>,
  latencyMicros: FakeTrial['latencyMicros'] = {},
): readonly HistogramLine[] =>
  Object.entries(operations).map(([name, { count, errors, violations }]) => {
    const [failed, wrong] = [sumOf(errors), sumOf(violations)];
    // As above.
    const own = typeof latencyMicros === 'number' ? latencyMicros : latencyMicros[name as OperationName];
    const encodedRight = encodedLatencies(Math.max(0, count - failed - wrong), own ?? 500);
    return {
      phase: 'measure',
      second: 0,
      // As above.
      operation: name as OperationName,
      count,
      errors: failed,
      violations: wrong,
      errorKinds: errors,
      violationClasses: violations,
      intended: encodedRight,
      service: encodedRight,
    };
  });
