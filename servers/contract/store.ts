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

/** A session as a store lists it. */
export interface ListedSession<Session = SessionData> {
  /** The name that the store was given for it. */
  readonly sid: string;
  readonly session: Session;
}

/**
 * Which sessions are a user's. A store has the first three or none, and none where it was not asked to keep them
 * ({@link StoreContext.userIndex}). `user` is a name of at most 64 characters of ASCII.
 */
export interface UserIndex<Session = SessionData> {
  /** `set`, and the session is known to be the user's; the app uses it in place of `set`. */
  setFor(user: string, sid: string, session: Session, callback: Done): void;
  /** `destroy` of a session of that user. */
  destroyFor(user: string, sid: string, callback: Done): void;
  /**
   * Ends the user's sessions.
   * @param except the one that stays; null: none does
   * @param callback gets how many were ended; null where the store cannot tell
   */
  destroyByUser(
    user: string,
    except: string | null,
    callback: (error: unknown, ended?: number | null) => void,
  ): void;
  /** The user's sessions that are alive, in any order. A store that can end them may be one that cannot list them. */
  listByUser?(
    user: string,
    callback: (error: unknown, found?: readonly ListedSession<Session>[]) => void,
  ): void;
}

/** Null where the store keeps none. */
export function userIndexOf(store: SessionStore): UserIndex | null {
  const { setFor, destroyFor, listByUser, destroyByUser } = store;
  if (!setFor || !destroyFor || !destroyByUser) return null;
  return {
    setFor: setFor.bind(store),
    destroyFor: destroyFor.bind(store),
    destroyByUser: destroyByUser.bind(store),
    ...(listByUser && { listByUser: listByUser.bind(store) }),
  };
}

/**
 * The express-session store contract: three required methods, three optional ones. And `update` and the index of users, which
 * are ours.
 */
export interface SessionStore<Session = SessionData> extends Partial<UserIndex<Session>> {
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
  /**
   * Whether to keep an index of users, and how long a session can live however much it is used: what is noted of it must last
   * as long. Null: keep none.
   */
  readonly userIndex: { readonly lifetimeSeconds: number } | null;
  /** After this many milliseconds an operation has failed. */
  readonly timeoutMs: number;
  /** Number of this app process, from 1. */
  readonly instance: number;
  readonly log: { warn(details: object, message: string): void };
}

/** One of many sessions that are put into a store at once. */
export interface BulkSession {
  /** The name under which the app would hand it to `set`: its hashed id, of `storeKeyOf`. */
  readonly key: string;
  readonly session: SessionData;
}

/**
 * A way to put many sessions into a store, so that a population of millions is there in minutes. It writes no index of users:
 * populations are those of benches, whose stores keep none ({@link StoreContext.userIndex} is null).
 */
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
