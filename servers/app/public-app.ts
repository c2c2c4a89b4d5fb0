/** The app that is measured: everything on the public listener. */
import type { FastifyInstance } from 'fastify';
import type { AppConfig } from '../contract/app.ts';
import { type OpenStore, type SessionStore, userIndexOf } from '../contract/store.ts';
import { refuseConnect } from './client-error.ts';
import { lifetimeSecondsOf } from './config.ts';
import type { RequestCounters } from './counters.ts';
import { healthRoutes } from './health-routes.ts';
import { keyedStore } from './keyed-store.ts';
import { answerProblems, ProblemError } from './problems.ts';
import type { Lifetimes } from './session-data.ts';
import { sessionCookie, useSessions } from './session-plugin.ts';
import { sessionRoutes } from './session-routes.ts';
import { slowDown } from './slowdown.ts';
import { userRoutes } from './user-routes.ts';

export interface PublicAppParts {
  readonly config: AppConfig;
  readonly openStore: OpenStore;
  readonly guardedStore: SessionStore;
  readonly counters: RequestCounters;
  isStopping(): boolean;
}

/** Gives `app` its routes. */
export function addPublicRoutes(app: FastifyInstance, parts: PublicAppParts): void {
  const { config, openStore, guardedStore, counters, isStopping } = parts;
  const store = keyedStore(guardedStore);
  const cookie = sessionCookie(config);
  const lifetimes = lifetimesOf(config);
  answerProblems(app);
  refuseConnect(app.server);
  forbidCaching(app);
  app.register(healthRoutes, { store: openStore, timeoutMs: config.storeTimeoutMs, isStopping });
  // A scope of its own: requests for health must not be given sessions.
  app.register(async (scope) => {
    counters.countIn(scope);
    const { slowdown } = config;
    if (slowdown && 'cpuMicrosPerRequest' in slowdown) slowDown(scope, slowdown.cpuMicrosPerRequest);
    if (cookie.secure) refuseClear(scope);
    await useSessions(scope, config, store);
    await scope.register(sessionRoutes, { cookie, lifetimes, store });
  });
  const index = userIndexOf(guardedStore);
  if (index === null) return;
  // A scope of its own: what is counted are the operations on one session.
  app.register(async (scope) => {
    if (cookie.secure) refuseClear(scope);
    await useSessions(scope, config, store);
    await scope.register(userRoutes, { cookie, lifetimes, index });
  });
}

const lifetimesOf = (config: AppConfig): Lifetimes => ({
  idleMs: config.session.ttlSeconds * 1000,
  absoluteMs: lifetimeSecondsOf(config) * 1000,
});

/** A cache in front of the app would serve one user's session to another (OWASP ASVS 5.0, 14.2.2 and 14.3.2). */
function forbidCaching(app: FastifyInstance): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store');
    done();
  });
}

/** On a connection in clear the plugin neither saves a session with a `Secure` cookie nor says so. */
function refuseClear(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (request.protocol === 'https') return;
    throw new ProblemError(
      403,
      'Sessions are served over TLS only; the proxy in front must send "x-forwarded-proto: https".',
    );
  });
}
