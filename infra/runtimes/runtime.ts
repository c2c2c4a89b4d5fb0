/**
 * The contract between the experiment and whatever runs servers. `infra/runtimes/<name>/` implements it.
 * Everything that is started is registered for stopping before it is started.
 */
import type { ServerVersion, Tier } from '../../record/common.ts';
import type { ServiceBudget } from '../../record/run.ts';
import type { Strain } from '../../record/strain.ts';
import type { AppCounters, BulkCheck, BulkFill, BulkMembers, Member } from '../../servers/contract/app.ts';
import type { Topology } from '../../servers/contract/topology.ts';
import type { Lack } from '../machine/lack.ts';
import type { Reach } from '../machine/listening.ts';
import type { TierUsage } from '../machine/meter.ts';
import type { Placement } from '../machine/placement.ts';
import type { ProcessEntry } from '../machine/process-table.ts';
import type { Encryption, Holding, Knock } from '../services/definition.ts';
import type { GeneratorEvent } from './generator/event.ts';
import type { Network, NetworkMode } from './network.ts';

export type {
  BulkFill,
  Encryption,
  GeneratorEvent,
  Holding,
  Knock,
  Lack,
  Member,
  Network,
  NetworkMode,
  Placement,
  ServerVersion,
  ServiceBudget,
  TierUsage,
};

/** A folder under `servers/strategies/`, read. */
export interface Strategy {
  readonly name: string;
  /** Absolute path of the folder. */
  readonly folder: string;
  readonly topology: Topology;
}

export type Availability =
  | { readonly status: 'available'; readonly strategy: string }
  | { readonly status: 'unavailable'; readonly strategy: string; readonly lacks: readonly Lack[] };

export interface MeterReading extends Readonly<Record<Exclude<Tier, 'generator'>, TierUsage>> {
  /** Of the proxies between apps and servers, which are no tier; nothing where there are none. */
  readonly network: TierUsage;
}

/** A server that ended though nobody asked it to. */
export interface UnexpectedExit {
  readonly service: string;
  readonly tier: Tier;
  /** For people: `exit code 1` or `SIGKILL`. */
  readonly cause: string;
  readonly lastLogLines: readonly string[];
}

export interface RequestCounts {
  /** Requests to the session routes in the balancer's own count (health checks are not among them). */
  readonly balancer: number;
  /** Those of them that the balancer answered itself, since no app took them or gave an answer. */
  readonly byBalancer: number;
  /** One entry for each app process. */
  readonly apps: readonly AppCounters[];
}

/** Where one server of a deployment can be reached. */
export interface Listener {
  /** `cache-1` */
  readonly node: string;
  readonly address: string;
  readonly port: number;
  readonly reach: Reach;
}

/** One server process of a deployment, for faults. What is done here is wanted: it is no unexpected exit. */
export interface Server {
  /** `cache-1` */
  readonly name: string;
  /** The topology's name of its service: `cache`. */
  readonly service: string;
  readonly tier: Tier;
  /** False once it has ended, whoever ended it. */
  readonly isRunning: boolean;
  /** Ends it as a crash would. Resolves when it has ended. */
  kill(): Promise<void>;
  /** Ends it if it runs, and starts it with the data that it left. Resolves when its service is ready. */
  restart(): Promise<void>;
  /** Stops it alone from getting CPU time. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
}

/** What can be asked of a deployment's balancer while it runs, for faults. Apps are named as servers are: `app-1`. */
export interface BalancerActs {
  /** Sends the app no user who is not bound to it. Resolves when none of its requests is in flight. @throws Error when that takes too long */
  drain(app: string): Promise<void>;
  /** Sends the app users again. Resolves when the balancer holds it for up. @throws Error when it does not */
  admit(app: string): Promise<void>;
  /** Has the balancer read its configuration anew, without ending. Resolves when a new process of it serves. @throws Error */
  reload(): Promise<void>;
}

/**
 * How all sessions were ended: by the store; by emptying its servers; by starting anew what held them, the apps in the first
 * place, whose code is cold then.
 */
export type ClearedBy = 'store' | 'servers' | 'restart';

/** A population that nobody logs in, and what it takes. Apps are counted from 0. */
export interface Population {
  /** Has an app put sessions into the store, many at a time. @throws Error when it took not all of them */
  fill(app: number, sessions: BulkFill): Promise<void>;
  /** Sessions of the population as clients that reach the app which has them. */
  members(app: number, wanted: BulkMembers): Promise<readonly Member[]>;
  /** How a session of the population differs from one that a login writes; null where it does not. */
  difference(app: number, check: BulkCheck): Promise<string | null>;
  /** What sessions take, by the account of whoever holds them. */
  holding(): Promise<Holding>;
  /**
   * What is there by the servers' own count, whatever an app would make of it: sessions, those that ended and were not removed
   * yet, and what a store keeps beside them. Null where nobody counts. It may take some seconds.
   * Those that an app would still serve: `countSessions` of the deployment.
   */
  entries(): Promise<number | null>;
  /**
   * Has apps and servers give back the memory that they keep for later, so that it is that of what they need.
   * @returns bytes that the apps keep, all together
   */
  tidy(): Promise<number>;
}

export interface Insides {
  /**
   * Ends all sessions of a user, as an administrator would; gives how many, null where the store cannot tell.
   * @throws Error where it keeps no index of users
   */
  endUser(user: string): Promise<number | null>;
  /**
   * What clients have put into the store's servers, as texts: keys and values, each whole. Null where there is no server, or one
   * that can tell nothing. @param names for servers that list no keys: they are asked for each of these. @throws Error
   */
  contents(names: readonly string[]): Promise<readonly string[] | null>;
  /**
   * Puts these bytes in place of each value that the store's servers keep under one of these names; gives of how many, null where
   * there is no server, or one that cannot. @throws Error where they refuse such bytes
   */
  overwrite(names: readonly string[], value: Buffer): Promise<number | null>;
}

/** A topology that is running now. */
export interface Deployment {
  readonly strategy: Strategy;
  /** Base URL of the balancer as the generator reaches it, for example `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Base URL of the balancer as the harness reaches it, which may be elsewhere than beside it. */
  readonly balancerUrl: string;
  /** Base URL of each app as the harness reaches it, past the balancer. */
  readonly appUrls: readonly string[];
  readonly versions: readonly ServerVersion[];
  /** What is enforced on its servers; empty where nothing is. */
  readonly budgets: readonly ServiceBudget[];
  /** The strategy's, the apps and the balancer. */
  readonly servers: readonly Server[];
  readonly balancer: BalancerActs;
  /**
   * Ends those of these servers that run, and starts them with the data that they left, those of a service at the same time.
   * Resolves when their services are ready. @throws Error
   */
  restart(servers: readonly Pick<Server, 'name'>[]): Promise<void>;
  /** Resolves when every server, the apps and the balancer are ready. @throws Error when one has ended, or takes too long */
  untilReady(): Promise<void>;
  /** Moves the limit of memory of the strategy's servers, as `ServiceControl.limitMemory`. @throws Error where none of them can */
  limitMemory(to: 'full' | 'planned'): Promise<void>;
  /** What can be done to the way between apps and servers; null where it is direct, or where there are no servers. */
  readonly network: Network | null;
  /** Stops all its processes from getting CPU time. No effect when frozen already. @throws Error where it succeeds in part */
  freeze(): Promise<void>;
  /** Resolves when every server, the apps and the balancer answer again. */
  thaw(): Promise<void>;
  meter(): Promise<MeterReading>;
  requestCounts(): Promise<RequestCounts>;
  /** Commands that the strategy's servers have carried out, by the server's own name of the command. */
  storeCommands(): Promise<Readonly<Record<string, number>>>;
  /** What its servers and stores say of their limits since they were started. Never throws: who does not tell is named. */
  strain(): Promise<Strain>;
  /** Ends all sessions: by the store's own means, or where it has none that work, by the harness'. @throws Error */
  clear(): Promise<ClearedBy>;
  readonly population: Population;
  /** What the apps hold once their garbage is gone, in bytes. @throws Error where one does not tell */
  liveMemory(): Promise<number>;
  /**
   * Sessions that an app would still serve, as its store counts them; null where it does not. @throws Error where an app does not
   * tell. What the servers hold beside them: `entries` of the population.
   */
  countSessions(): Promise<number | null>;
  /** Every address on which one of its servers is reached. @throws Error where it cannot be read, or a server has none */
  listeners(): Promise<readonly Listener[]>;
  /** What comes of going to its servers without a login. @throws Error where one gives no answer */
  knock(): Promise<readonly Knock[]>;
  /** Whether the servers of its store take TLS; those that cannot be asked are left out. @throws Error as `knock` */
  encryption(): Promise<readonly Encryption[]>;
  /** What no client reaches, for checks of security. */
  readonly insides: Insides;
  /** Exits since the deployment was started; empty while all is well. */
  unexpectedExits(): readonly UnexpectedExit[];
  /** Copies or links the servers' logs so far into a folder. */
  saveLogs(folder: string): Promise<void>;
  /** Ends everything in reverse order of starting. Never throws; gives what went wrong. */
  stop(): Promise<readonly Error[]>;
}

/** What makes an app slower, in microseconds: more than 0 and at most 100,000. */
export type Slowdown =
  /** CPU time that every request burns. */
  | { readonly cpuMicrosPerRequest: number }
  /** What every call of the store waits, using no CPU time. */
  | { readonly storeDelayMicros: number };

export interface DeployOptions {
  readonly apps: number;
  /**
   * Absolute path of the app's `main.ts`. With another checkout's, and a strategy read from that checkout, its app
   * and its store are measured.
   */
  readonly appMain: string;
  readonly sessionTtlSeconds: number;
  /** Absolute life of a session in seconds, more than 0; the app's own, twelve idle lives, when left out. */
  readonly sessionLifetimeSeconds?: number;
  readonly storeTimeoutMs: number;
  /** Whether stores keep an index of users, where they can; they do not when left out. Logins cost more with it. */
  readonly userIndex?: boolean;
  readonly placement: Placement;
  /** Null but for `npm run selftest`, which wants to see it found. */
  readonly slowdown: Slowdown | null;
  /** Between apps and servers; direct when left out. Whoever wants it proxied has said so to `provision`. */
  readonly network?: NetworkMode;
}

/** What to start the custom k6 with. */
export interface GeneratorOptions {
  /** Absolute path of the k6 script. */
  readonly script: string;
  /** Environment variables that the script reads (`k6 run -e`). */
  readonly env: Readonly<Record<string, string>>;
  /** Folder that k6 writes its results into. */
  readonly outputFolder: string;
  readonly placement: Placement;
  /** Called for each line of the control channel; a barrier is passed when the promise resolves. */
  onEvent(event: GeneratorEvent): Promise<void> | void;
  readonly signal: AbortSignal;
}

export type GeneratorOutcome =
  | { readonly status: 'finished'; readonly usage: TierUsage }
  | { readonly status: 'interrupted'; readonly usage: TierUsage }
  | {
      readonly status: 'failed';
      /** For people: `exit code 1` or `SIGKILL`. */
      readonly cause: string;
      readonly lastLogLines: readonly string[];
    };

export interface Runtime {
  readonly name: 'native' | 'docker';
  /** What the containers run on; null where processes of the machine itself are run. */
  readonly engine: ServerVersion | null;
  /**
   * Finds or fetches what the strategies need, and k6; once, before anything else. Says what it does through `progress`.
   * @param network the proxies are made only where they will be asked for; direct when left out
   */
  provision(
    strategies: readonly Strategy[],
    progress: (line: string) => void,
    network?: NetworkMode,
  ): Promise<readonly Availability[]>;
  deploy(strategy: Strategy, options: DeployOptions): Promise<Deployment>;
  /** Version of k6 and of our module, read from the binary. */
  generatorVersion(): Promise<ServerVersion>;
  /** Whether a process that is no descendant of this one is of the runtime all the same. */
  owns(process: Pick<ProcessEntry, 'pid' | 'name'>): boolean;
  generate(deployment: Deployment, options: GeneratorOptions): Promise<GeneratorOutcome>;
  /** Ends what is still running and removes temporary folders. Never throws; gives what went wrong. */
  close(): Promise<readonly Error[]>;
}
