/** The harness' own listener: the app's counts, and the store as a whole. */
import { createHash, timingSafeEqual } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import {
  type AppCounters,
  adminRoutes,
  type BulkCheck,
  type BulkFill,
  type BulkMembers,
  type EndUser,
} from '../contract/app.ts';
import { type SessionStore, type UserIndex, userIndexOf } from '../contract/store.ts';
import { userKeyOf } from '../contract/store-key.ts';
import { messageOf } from '../lib/message-of.ts';
import type { Bulk } from './bulk.ts';
import { fastifyOptions } from './fastify-options.ts';
import { liveBytes } from './live-bytes.ts';
import { answerProblems, ProblemError, sendProblem } from './problems.ts';
import { schemas } from './schemas.ts';

/** Digests have equal lengths, which a comparison in constant time needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

export function buildAdminApp(
  token: string,
  counters: () => AppCounters,
  store: SessionStore,
  ready: () => Promise<void>,
  bulk: Bulk,
): FastifyInstance {
  const app: FastifyInstance = Fastify(fastifyOptions(false));
  const expected = digest(`Bearer ${token}`);
  answerProblems(app);

  app.addHook('onRequest', async (request, reply) => {
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) return;
    reply.header('www-authenticate', 'Bearer');
    throw new ProblemError(401, 'Send "authorization: Bearer <token>" with the token of the configuration.');
  });

  app.get(adminRoutes.counters, { schema: schemas.counters }, async () => counters());
  app.get(adminRoutes.ready, { schema: schemas.ready }, async (_request, reply) => {
    try {
      await ready();
      return { status: 'ready' };
    } catch (error) {
      return sendProblem(reply, 503, `The session store does not answer: ${messageOf(error)}`);
    }
  });
  app.post(adminRoutes.memory, { schema: schemas.memory }, async () => ({ bytes: liveBytes() }));
  app.post(adminRoutes.clear, { schema: schemas.clear }, async (_request, reply) => {
    await clear(store);
    return reply.code(204).send();
  });
  const index = userIndexOf(store);
  app.post<{ Body: EndUser }>(adminRoutes.endUser, { schema: schemas.endUser }, async (request) => {
    if (index === null) throw new ProblemError(404, 'This app keeps no index of users.');
    return { ended: await endAll(index, request.body.user) };
  });
  app.get(adminRoutes.sessions, { schema: schemas.sessions }, async () => ({ count: await length(store) }));
  addBulkRoutes(app, bulk);
  return app;
}

function addBulkRoutes(app: FastifyInstance, bulk: Bulk): void {
  app.post<{ Body: BulkFill }>(adminRoutes.fill, { schema: schemas.fill }, async ({ body }, reply) => {
    try {
      await bulk.fill(body);
      return reply.code(204).send();
    } catch (error) {
      return sendProblem(reply, 503, `The store did not take all sessions: ${messageOf(error)}`);
    }
  });
  app.post<{ Body: BulkMembers }>(adminRoutes.members, { schema: schemas.members }, async ({ body }) => ({
    members: bulk.members(body),
  }));
  app.post<{ Body: BulkCheck }>(adminRoutes.check, { schema: schemas.check }, async ({ body }, reply) => {
    try {
      return { difference: await bulk.differenceFromApp(body) };
    } catch (error) {
      return sendProblem(reply, 503, `The store could not be looked into: ${messageOf(error)}`);
    }
  });
  app.get(adminRoutes.held, { schema: schemas.held }, async () => ({ held: bulk.held() }));
}

function clear(store: SessionStore): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!store.clear) return reject(new ProblemError(404, 'This strategy cannot end all sessions at once.'));
    store.clear((error) => (error ? reject(error) : resolve()));
  });
}

function length(store: SessionStore): Promise<number> {
  return new Promise((resolve, reject) => {
    if (!store.length) return reject(new ProblemError(404, 'This strategy cannot count its sessions.'));
    store.length((error, count) => (error ? reject(error) : resolve(count ?? 0)));
  });
}

const endAll = (index: UserIndex, user: string): Promise<number | null> =>
  new Promise((resolve, reject) => {
    index.destroyByUser(userKeyOf(user), null, (error, ended) =>
      error ? reject(error) : resolve(ended ?? null),
    );
  });
