/** What the app and the harness promise each other. */
import { z } from 'zod';
import { endpoint } from './store.ts';
import { settings } from './topology.ts';

const host = z.string().min(1);
/** 0 lets the system choose. */
const listenPort = z.int().min(0).max(65_535);

/**
 * The configuration of an app process: a JSON file, readable by its user only, named by `SESSION_APP_CONFIG`. Unknown keys are
 * mistakes.
 */
const slowdownMicros = z.number().positive().max(100_000);

export const appConfig = z.strictObject({
  strategy: z.string().min(1),
  /** Absolute path of the strategy's store module. */
  storeModule: z.string().startsWith('/', 'give an absolute path'),
  /** Number of this app process, from 1. */
  instance: z.int().min(1),
  listen: z.strictObject({ host, port: listenPort }),
  /** A second listener, for the harness alone. Every request carries `authorization: Bearer <token>`. */
  admin: z.strictObject({ host, port: listenPort, token: z.string().min(16) }),
  session: z.strictObject({
    /** Signs the session cookie; the same in every app process of a deployment. */
    secret: z.string().min(32),
    /** Idle life: a session that is not used for so long is over. */
    ttlSeconds: z.number().positive(),
    /** Absolute life from login, however much the session is used; 12 times `ttlSeconds` when left out. */
    lifetimeSeconds: z.number().positive().exactOptional(),
    /** True where TLS ends in front of the app: the cookie is then `__Host-session` and `Secure`. False when left out. */
    tls: z.boolean().exactOptional(),
  }),
  /** After so many milliseconds an operation of the store has failed. */
  storeTimeoutMs: z.int().min(1).max(60_000),
  /** What the process may take, in MiB; the usual 512 when left out. */
  memoryMiB: z.int().min(16).exactOptional(),
  /** Where the strategy's servers listen, by the service's name in the topology. */
  endpoints: z.record(z.string(), z.array(endpoint).readonly()),
  /** The topology's `store`. None when left out. */
  storeSettings: settings.exactOptional(),
  /** Whether the store knows which sessions are a user's, where it can. False when left out: logins cost more with it. */
  userIndex: z.boolean().exactOptional(),
  /** Makes the app slower, in microseconds. Only the harness' self-test asks for it. */
  slowdown: z
    .union([
      /** CPU time that every session request burns. */
      z.strictObject({ cpuMicrosPerRequest: slowdownMicros }),
      /** What every call of the store waits, using none. */
      z.strictObject({ storeDelayMicros: slowdownMicros }),
    ])
    .exactOptional(),
});
export type AppConfig = z.infer<typeof appConfig>;

/**
 * The admin listener: `GET /counters` -> AppCounters; `POST /memory` -> LiveMemory; `GET /ready` -> 200, or 503 with why the store does not answer;
 * `POST /clear` -> 204; `GET /sessions` -> SessionCount; `POST /end-user` with EndUser -> EndedSessions, or 404 where the
 * store keeps no index of users.
 * For populations that nobody logs in: `POST /bulk/fill` (BulkFill) -> 204; `POST /bulk/members` (BulkMembers) -> Members;
 * `POST /bulk/check` (BulkCheck) -> Difference; `GET /held` -> Held.
 */
export const adminRoutes = {
  counters: '/counters',
  memory: '/memory',
  ready: '/ready',
  clear: '/clear',
  sessions: '/sessions',
  endUser: '/end-user',
  fill: '/bulk/fill',
  members: '/bulk/members',
  check: '/bulk/check',
  held: '/held',
} as const;

const count = z.int().min(0);

/** What the store failed with, in its own words, and how often since the app was started. */
export const storeFailure = z.object({ reason: z.string(), count });
export type StoreFailure = z.infer<typeof storeFailure>;

/**
 * Requests that the app process has received on its public listener, with any answer. Not strict: an app of another
 * checkout may count more.
 */
export const appCounters = z.object({
  /** `POST /session` */
  login: count,
  /** `GET /session` */
  read: count,
  /** `PATCH /session` */
  write: count,
  /** `DELETE /session` */
  logout: count,
  /** The most frequent first. Absent from apps of older checkouts. */
  storeFailures: z.array(storeFailure).exactOptional(),
});
export type AppCounters = z.infer<typeof appCounters>;

/** What the app holds once its garbage is gone, in bytes; to be told of it costs a collection. */
export const liveMemory = z.strictObject({ bytes: count });
export type LiveMemory = z.infer<typeof liveMemory>;

/** Sessions in the store. */
export const sessionCount = z.strictObject({ count });
export type SessionCount = z.infer<typeof sessionCount>;

/** Whose sessions an administrator ends. */
export const endUser = z.strictObject({ user: z.string().min(1).max(256) });
export type EndUser = z.infer<typeof endUser>;

/** How many sessions were ended; null where the store cannot tell. */
export const endedSessions = z.strictObject({ ended: count.nullable() });
export type EndedSessions = z.infer<typeof endedSessions>;

/** The sessions of whoever asks, as `GET /sessions` of an app with an index of users shows them. */
export const ownSessions = z.strictObject({
  sessions: z.array(
    z.strictObject({
      /** Names the session for `DELETE /sessions/<id>`; it opens nothing. */
      id: z.string(),
      /** Milliseconds since 1970. */
      startedAt: z.number(),
      writtenAt: z.number(),
      /** Whether it is the one that asks. */
      current: z.boolean(),
    }),
  ),
});
export type OwnSessions = z.infer<typeof ownSessions>;

/** Names a population. Together with the app's number and its own, a session's user and id follow from it. */
const bulk = z.string().min(1).max(64);
const payloadBytes = z.int().min(0).max(65_536);

/** Sessions to be put into the store: `count` of this app's, from the number `from` on. */
export const bulkFill = z.strictObject({
  bulk,
  from: count,
  count: z.int().min(1).max(100_000),
  payloadBytes,
  /** When all of them end, in milliseconds since 1970; null: after their usual idle life. */
  endsAt: z.number().nullable(),
});
export type BulkFill = z.infer<typeof bulkFill>;

export const bulkMembers = z.strictObject({ bulk, numbers: z.array(count).max(10_000) });
export type BulkMembers = z.infer<typeof bulkMembers>;

/** Users of the population, each with the header value that its browser would send. */
export const members = z.strictObject({
  members: z.array(z.strictObject({ user: z.string(), cookies: z.string() })),
});
export type Member = z.infer<typeof members>['members'][number];

/** One session of the population, to be held against one that the app itself writes for the same user. */
export const bulkCheck = z.strictObject({ bulk, number: count, payloadBytes });
export type BulkCheck = z.infer<typeof bulkCheck>;

/** How the two differ, in words; null where they do not. */
export const difference = z.strictObject({ difference: z.string().nullable() });

/** Sessions in the app's own process, ended ones included; null where the store keeps them elsewhere. */
export const held = z.strictObject({ held: count.nullable() });

/** A client's session, as `POST`, `GET` and `PATCH /session` show it. */
export const sessionView = z.strictObject({
  user: z.string(),
  /** 1 after login, one more after each write. */
  version: z.int().min(1),
  /** Size of the payload kept in the session, in bytes. */
  payloadBytes: z.int().min(0),
});
export type SessionView = z.infer<typeof sessionView>;
