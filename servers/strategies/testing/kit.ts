/** What the contract suite must know of a strategy, and what it works with. */
import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { startServices, type TestServices } from '../../../infra/runtimes/testing/services.ts';
import { VARIANT_MARK, variantsOf } from '../../../infra/variants.ts';
import type {
  Endpoint,
  OpenStore,
  OpenStoreFunction,
  StoreContext,
  UserIndex,
} from '../../contract/store.ts';
import type { CommandCounts, Topology } from '../../contract/topology.ts';
import { type PromisedStore, promisedStore } from './promised-store.ts';

export type Endpoints = Readonly<Record<string, readonly Endpoint[]>>;

export interface StoreKit {
  /** Of the strategy, or of a variant of it. */
  readonly name: string;
  readonly topology: Topology;
  readonly open: OpenStoreFunction;
  /** Writes a text where the store keeps a session, without the store. */
  writeRaw(endpoints: Endpoints, sid: string, text: string): Promise<void>;
  /** Whose clock ends sessions: the servers', for which tests must wait, or this process', which tests can move. */
  readonly clock: 'servers' | 'process';
  /** A session may live so much longer than its idle life, in milliseconds. */
  readonly expiresLateByMs: number;
  /** False when `length` also counts sessions that have ended, for a while. */
  readonly exactLength: boolean;
  /** True where a write may fail after it was carried out: too few copies of it were told of in time. */
  readonly writesMayShowLate?: boolean;
  /** What each operation of its index of users sends to the servers, for a user with three sessions; null where it keeps none. */
  readonly userIndex: IndexCommands | null;
  /** Bytes of the largest session, where the server has a limit that a test can reach. */
  readonly largestBytes?: number;
}

/** By the servers' own names of commands. Null: the store cannot do it. */
export type IndexCommands = Readonly<Record<keyof UserIndex, CommandCounts | null>> & {
  /** How many trips to the server and back an operation takes, of the index or on a session that is in it, where it is not one. */
  readonly trips?: Readonly<Partial<Record<keyof UserIndex | 'get', number>>>;
};

/** Name and topology of a variant of the kit's strategy. */
export function variantFor(
  { name, topology }: Pick<StoreKit, 'name' | 'topology'>,
  variant: string,
): Pick<StoreKit, 'name' | 'topology'> {
  const wanted = `${name}${VARIANT_MARK}${variant}`;
  const found = variantsOf({ name, folder: '', topology }).find((each) => each.name === wanted);
  if (!found) throw new Error(`there is no variant ${wanted}`);
  return { name: found.name, topology: found.topology };
}

/** For tests that are not about time: a busy machine must not fail them. */
export const calmTimeoutMs = 10_000;

/** For tests of outages, which wait for it. */
export const outageTimeoutMs = 1_000;

export interface LogLine {
  readonly details: object;
  readonly message: string;
}

export interface OpenForTest {
  readonly store: PromisedStore;
  readonly open: OpenStore;
  readonly warnings: readonly LogLine[];
}

export interface OpenOptions {
  readonly ttlSeconds?: number;
  readonly timeoutMs?: number;
  readonly instance?: number;
  readonly endpoints?: Endpoints;
  /** Whether the store keeps an index of users; it does not unless told. */
  readonly userIndex?: boolean;
}

/** The servers of a strategy, and stores on them. */
export class StoreBench {
  readonly #kit: Pick<StoreKit, 'topology' | 'open'>;
  #services: TestServices | null = null;

  constructor(kit: Pick<StoreKit, 'topology' | 'open'>) {
    this.#kit = kit;
  }

  async start(): Promise<void> {
    this.#services = await startServices(this.#kit.topology);
  }

  async stop(): Promise<void> {
    await this.#services?.stop();
  }

  get services(): TestServices {
    if (!this.#services) throw new Error('the servers have not been started');
    return this.#services;
  }

  get endpoints(): Endpoints {
    return this.services.endpoints;
  }

  /** A store as an app would open it; closed when the test ends. */
  async open(t: TestContext, options: OpenOptions = {}): Promise<OpenForTest> {
    const warnings: LogLine[] = [];
    const { ttlSeconds = 600 } = options;
    const context: StoreContext = {
      endpoints: options.endpoints ?? this.endpoints,
      settings: this.#kit.topology.store ?? {},
      ttlSeconds,
      userIndex: options.userIndex ? { lifetimeSeconds: ttlSeconds * 12 } : null,
      timeoutMs: options.timeoutMs ?? calmTimeoutMs,
      instance: options.instance ?? 1,
      log: { warn: (details, message) => void warnings.push({ details, message }) },
    };
    const open = await this.#kit.open(context);
    t.after(() => open.close());
    return { store: promisedStore(open.store), open, warnings };
  }

  /** Ends every server at once, as a power cut would. */
  async killAll(): Promise<void> {
    await Promise.all(this.services.servers.map((server) => this.services.kill(server)));
  }

  async restartAll(): Promise<void> {
    await Promise.all(this.services.servers.map((server) => this.services.restart(server)));
  }
}

/** An id as @fastify/session makes them. */
export function newSid(): string {
  return randomBytes(24).toString('base64url');
}
