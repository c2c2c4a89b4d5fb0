/** Starts the app of a configuration, and stops it. */
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import type { AppConfig } from '../contract/app.ts';
import { within } from '../lib/within.ts';
import { buildAdminApp } from './admin-app.ts';
import { Bulk } from './bulk.ts';
import { RequestCounters } from './counters.ts';
import { failureLog } from './failure-log.ts';
import { FailureTally } from './failure-tally.ts';
import { fastifyOptions } from './fastify-options.ts';
import { guardStore } from './guarded-store.ts';
import { openStore } from './open-store.ts';
import { addPublicRoutes } from './public-app.ts';
import { slowStore } from './slow-store.ts';

export interface RunningApp {
  /** Base URLs of the two listeners. */
  readonly url: string;
  readonly adminUrl: string;
  /**
   * Stops listening, lets requests in flight finish and closes the store. Connections that are still busy after
   * `boundMs` are cut. Resolves to whether all of it ended in time and without an error.
   */
  stop(boundMs: number): Promise<boolean>;
}

/**
 * @throws StoreOpenError when the store cannot be opened
 * @throws Error when an address cannot be listened on
 */
export async function startApp(config: AppConfig): Promise<RunningApp> {
  const publicApp: FastifyInstance = Fastify(fastifyOptions(config.session.tls ?? false));
  const log = publicApp.log.child({ strategy: config.strategy, instance: config.instance });
  const open = await openStore(config, log);
  const failures = new FailureTally();
  const tell = failureLog(log);
  const { slowdown } = config;
  const store =
    slowdown && 'storeDelayMicros' in slowdown
      ? slowStore(open.store, slowdown.storeDelayMicros)
      : open.store;
  const guardedStore = guardStore(store, {
    timeoutMs: config.storeTimeoutMs,
    onFailure(failure) {
      failures.add(failure);
      tell(failure);
    },
  });
  const counters = new RequestCounters();
  let stopping = false;
  addPublicRoutes(publicApp, { config, openStore: open, guardedStore, counters, isStopping: () => stopping });
  const adminApp = buildAdminApp(
    config.admin.token,
    () => ({ ...counters.read(), storeFailures: failures.read() }),
    guardedStore,
    () => within(config.storeTimeoutMs, open.ready()),
    new Bulk(config, open, publicApp),
  );
  const apps = [publicApp, adminApp];

  const stop = async (boundMs: number): Promise<boolean> => {
    stopping = true;
    const cut = setTimeout(() => {
      for (const app of apps) app.server.closeAllConnections();
    }, boundMs);
    const appEnds = await Promise.allSettled(apps.map((app) => app.close()));
    const storeEnd = await Promise.allSettled([within(boundMs, open.close())]);
    clearTimeout(cut);
    return [...appEnds, ...storeEnd].every(({ status }) => status === 'fulfilled');
  };

  try {
    await publicApp.listen(config.listen);
    await adminApp.listen({ host: config.admin.host, port: config.admin.port });
  } catch (error) {
    await stop(0);
    throw error;
  }
  return { url: urlOf(publicApp), adminUrl: urlOf(adminApp), stop };
}

function urlOf(app: FastifyInstance): string {
  // Both apps listen on TCP, where the address is never a string.
  const { address, port, family } = app.server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
