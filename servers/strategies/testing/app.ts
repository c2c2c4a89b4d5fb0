/** The app with the strategy's store, for tests of what operations come to. */
import path from 'node:path';
import type { TestContext } from 'node:test';
import { baseName } from '../../../infra/variants.ts';
import { type RunningApp, startApp } from '../../app/running-app.ts';
import { calmTimeoutMs, type Endpoints, type StoreKit } from './kit.ts';

export const adminToken = 'a token for this test';

/** Ends with the test. */
export async function appOf(
  { name, topology }: Pick<StoreKit, 'name' | 'topology'>,
  endpoints: Endpoints,
  t: TestContext,
): Promise<RunningApp> {
  const app = await startApp({
    strategy: name,
    storeModule: path.resolve(import.meta.dirname, '..', baseName(name), 'store.ts'),
    instance: 1,
    listen: { host: '127.0.0.1', port: 0 },
    admin: { host: '127.0.0.1', port: 0, token: adminToken },
    session: { secret: 'a secret that is long enough for it', ttlSeconds: 600 },
    storeTimeoutMs: calmTimeoutMs,
    endpoints,
    storeSettings: topology.store ?? {},
  });
  t.after(() => app.stop(calmTimeoutMs));
  return app;
}
