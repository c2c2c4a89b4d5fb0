/** How an app process is told what it is: a JSON file, readable by its user only, named by `SESSION_APP_CONFIG`. */
import type { Endpoint } from './store.ts';

export interface AppConfig {
  readonly strategy: string;
  /** Absolute path of the strategy's store module. */
  readonly storeModule: string;
  /** Number of this app process, from 1. */
  readonly instance: number;
  readonly listen: { readonly host: string; readonly port: number };
  /** A second listener for the harness alone: counters, clear. Every request carries `authorization: Bearer <token>`. */
  readonly admin: { readonly host: string; readonly port: number; readonly token: string };
  readonly session: {
    /** At least 32 characters. Signs the session cookie; the same in every app process of a deployment. */
    readonly secret: string;
    /** Idle life: a session that is not used for so long is over. Greater than 0. */
    readonly ttlSeconds: number;
    /** Absolute life from login, however much the session is used; 12 times `ttlSeconds` unless given. */
    readonly lifetimeSeconds?: number;
    /** True where TLS ends in front of the app: the cookie is then `__Host-session` and `Secure`. False unless given. */
    readonly tls?: boolean;
  };
  readonly storeTimeoutMs: number;
  readonly endpoints: Readonly<Record<string, readonly Endpoint[]>>;
  /** Extra work in every session request: microseconds of CPU time. The harness' self-test alone asks for it. */
  readonly slowdown?: { readonly cpuMicrosPerRequest: number };
}

/** Requests that this app process has received on its public listener, by what they asked for. */
export interface AppCounters {
  /** `POST /session`, `GET /session`, `PATCH /session`, `DELETE /session`, whatever the answer was. */
  readonly login: number;
  readonly read: number;
  readonly write: number;
  readonly logout: number;
}

/** The admin listener's routes: `GET /counters` -> AppCounters; `POST /clear` -> 204; `GET /sessions` -> { count }. */
export const adminRoutes = { counters: '/counters', clear: '/clear', sessions: '/sessions' } as const;

/** What a client is told of its session: `POST` and `GET` and `PATCH /session` answer with this. */
export interface SessionView {
  readonly user: string;
  /** 1 after login, one more after each write. */
  readonly version: number;
  /** Size of the payload kept in the session, in bytes. */
  readonly payloadBytes: number;
}
