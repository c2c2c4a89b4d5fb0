/** For the balancer and for people: is the process alive, and can it serve sessions now? */
import type { FastifyInstance } from 'fastify';
import type { OpenStore } from '../contract/store.ts';
import { within } from '../lib/within.ts';
import { sendProblem } from './problems.ts';
import { schemas } from './schemas.ts';

export interface HealthRoutesOptions {
  readonly store: OpenStore;
  readonly timeoutMs: number;
  /** True once the app has been asked to stop. */
  isStopping(): boolean;
}

export async function healthRoutes(app: FastifyInstance, options: HealthRoutesOptions): Promise<void> {
  app.get('/health', { schema: schemas.health }, async () => ({ status: 'alive' }));

  app.get('/ready', { schema: schemas.ready }, async (_request, reply) => {
    if (options.isStopping()) return sendProblem(reply, 503, 'The app is stopping.');
    try {
      await within(options.timeoutMs, options.store.ready());
      return { status: 'ready' };
    } catch {
      // Why, names the store and its address: the admin listener tells it, and clients do not get it.
      return sendProblem(reply, 503, 'The session store does not answer. Try again soon.');
    }
  });
}
