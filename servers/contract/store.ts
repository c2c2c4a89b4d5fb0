/**
 * What a strategy's `store.ts` gives to the app. The store itself follows the express-session store
 * contract as @fastify/session uses it, so that any store of that ecosystem can be measured.
 */
import { z } from 'zod';
import type { Settings } from './topology.ts';

export interface SessionData {
  readonly [key: string]: unknown;
}

type Done = (error?: unknown) => void;
type Got<Session> = (error: unknown, session?: Session | null) => void;

/** The way to a value in a session, from the outside in: `['parts', '3']`. */
export type ValuePath = readonly [string, ...string[]];

/** What a store keeps the session of an id under. Whoever hands ids to stores asks here. */
export const keyOf = (sid: string): string => sid;

/** The express-session store contract: three required methods, three optional ones. And `update`, which is ours. */
export interface SessionStore<Session = SessionData> {
  get(sid: string, callback: Got<Session>): void;
  set(sid: string, session: Session, callback: Done): void;
  destroy(sid: string, callback: Done): void;
  /** Extends the life of a session without writing it. */
  touch?(sid: string, session: Session, callback: Done): void;
  /** Ends all sessions. */
  clear?(callback: Done): void;
  /**
   * Writes a session that is there, and moves its deadline on. The app's write uses it in place of `set`, which would bring a
   * session back that was logged out meanwhile.
   * @param changed ways to values that are in `session` and are no objects themselves: a store that can writes them alone, and
   * leaves what else it has of the session as it is
   * @param callback gets false where the session has ended: it is not brought back
   */
  update?(
    sid: string,
    session: Session,
    changed: readonly ValuePath[],
    callback: (error: unknown, found?: boolean) => void,
  ): void;
  /** How many sessions are alive. */
  length?(callback: (error: unknown, length?: number) => void): void;
}

/** Where one server of the strategy listens, and the login for it. */
export const endpoint = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  user: z.string().exactOptional(),
  password: z.string().exactOptional(),
  database: z.string().exactOptional(),
  /** PEM: connections are TLS, and the server that has this certificate is trusted alone. In clear when left out. */
  certificate: z.string().exactOptional(),
  /**
   * Where proxies stand before the servers: `name:port` by which one that tells clients of others names this one. It is
   * reached at `host` and `port` all the same.
   */
  announcedAs: z.string().exactOptional(),
});
export type Endpoint = z.infer<typeof endpoint>;

export interface StoreContext {
  /** Endpoints by the name that the topology gives to the service. */
  readonly endpoints: Readonly<Record<string, readonly Endpoint[]>>;
  /** The topology's `store`; empty where it has none. */
  readonly settings: Settings;
  /** Idle life of a session in seconds, greater than 0. */
  readonly ttlSeconds: number;
  /** What the app's process may take, in MiB; the usual 512 where it is left out. For stores that keep sessions in it. */
  readonly memoryMiB?: number;
  /** After this many milliseconds an operation has failed. */
  readonly timeoutMs: number;
  /** Number of this app process, from 1. */
  readonly instance: number;
  readonly log: { warn(details: object, message: string): void };
}

/** One of many sessions that are put into a store at once. */
export interface BulkSession {
  /** Of `keyOf`. */
  readonly key: string;
  readonly session: SessionData;
}

/** A way to put many sessions into a store, so that a population of millions is there in minutes. */
export interface BulkAccess {
  /**
   * Puts sessions there as `set` would: the same keys, values and deadlines, byte for byte. None of the keys is there yet. As many
   * as a few MiB hold; it takes the time that it takes, whatever `timeoutMs` is.
   * @param ttlSeconds idle life from now on, greater than 0
   */
  fill(sessions: readonly BulkSession[], ttlSeconds: number): Promise<void>;
  /** How many sessions are held in this process, ended ones included. A store with servers leaves it out: they tell. */
  held?(): number;
}

export interface OpenStore {
  readonly store: SessionStore;
  /** A store without it is filled by many calls of `set`. */
  readonly bulk?: BulkAccess;
  /** Resolves when the servers answer now; rejects with the reason when they do not. Bounded by `timeoutMs`. */
  ready(): Promise<void>;
  /** Ends timers and connections. */
  close(): Promise<void>;
}

/** The default export of every `store.ts`. Prepares what the store needs (a table, say) and connects. */
export type OpenStoreFunction = (context: StoreContext) => Promise<OpenStore>;
