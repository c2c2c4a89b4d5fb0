/** The four operations: login, read, write, logout. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SessionView } from '../contract/app.ts';
import { type SessionStore, type UserIndex, userIndexOf, type ValuePath } from '../contract/store.ts';
import { endSession, refuse } from './endings.ts';
import { type LoginBody, schemas, type WriteBody } from './schemas.ts';
import {
  type Lifetimes,
  needsTouch,
  type SignedIn,
  sessionState,
  signIn,
  viewOf,
  write,
} from './session-data.ts';
import {
  cameFromStore,
  clearCookie,
  forgetSession,
  type SessionCookie,
  startAnew,
} from './session-plugin.ts';

export interface SessionRoutesOptions {
  readonly cookie: SessionCookie;
  readonly lifetimes: Lifetimes;
  /** The guarded store, for `touch` and `update`, which @fastify/session never calls. */
  readonly store: SessionStore;
}

const path = '/session';

export async function sessionRoutes(
  app: FastifyInstance,
  { cookie, lifetimes, store }: SessionRoutesOptions,
): Promise<void> {
  const index = userIndexOf(store);
  const options = { cookie, index };

  app.post<{ Body: LoginBody }>(path, { schema: schemas.login }, async (request, reply) => {
    await endSessionThatCame(app, request, cookie, index);
    const { user, payloadBytes } = request.body;
    const session = signIn(request.session, user, payloadBytes, Date.now());
    await request.session.save();
    reply.code(201);
    return viewOf(session);
  });

  app.get(path, { schema: schemas.read }, async (request, reply) => {
    const now = Date.now();
    const found = sessionState(request, lifetimes, now);
    if (found.state !== 'alive') return refuse(request, reply, found.state, options);
    if (needsTouch(found.session, lifetimes, now)) await touch(store, request, found.session);
    return viewOf(found.session);
  });

  app.patch<{ Body: WriteBody }>(
    path,
    { schema: schemas.write },
    async (request, reply): Promise<SessionView> => {
      const now = Date.now();
      const found = sessionState(request, lifetimes, now);
      if (found.state !== 'alive') return refuse(request, reply, found.state, options);
      const changed = write(found.session, request.body.part, now);
      const kept = await keep(store, request, found.session, changed);
      if (!kept) return refuse(request, reply, 'none', options);
      return viewOf(found.session);
    },
  );

  app.delete(path, { schema: schemas.logout }, async (request, reply) => {
    const found = sessionState(request, lifetimes, Date.now());
    if (found.state !== 'alive') return refuse(request, reply, found.state, options);
    await endSession(request, index);
    clearCookie(reply, cookie);
    return reply.code(204).send();
  });
}

/**
 * A login must not keep a session id that existed before it (session fixation), and the session that the client had
 * must end (OWASP ASVS 5.0, 7.2.4). Without such a session there is nothing to destroy, and the plugin has already
 * made a new id: that costs no round trip.
 */
async function endSessionThatCame(
  app: FastifyInstance,
  request: FastifyRequest,
  cookie: SessionCookie,
  index: UserIndex | null,
): Promise<void> {
  if (cameFromStore(request, cookie)) {
    await endSession(request, index);
    await startAnew(app, request);
  }
  // The plugin would answer a cookie of another session with one Set-Cookie that clears it and one that sets the new.
  request.cookies[cookie.name] = undefined;
}

/**
 * Writes what has changed where the store can do that, else the whole session.
 * @returns false where the session has ended meanwhile, which only a store that updates can tell
 */
async function keep(
  store: SessionStore,
  request: FastifyRequest,
  session: SignedIn,
  changed: readonly ValuePath[],
): Promise<boolean> {
  if (!store.update) {
    await request.session.save();
    return true;
  }
  const { sessionId } = request.session;
  // The plugin would save the whole session when the answer goes out, since it did not see this write.
  forgetSession(request);
  return await new Promise((resolve, reject) => {
    store.update?.(sessionId, { ...session }, changed, (error, found) =>
      error ? reject(error) : resolve(found === true),
    );
  });
}

/** Moves the idle deadline on without writing the data, so that a slow read cannot undo a logout or a write. */
async function touch(store: SessionStore, request: FastifyRequest, session: SignedIn): Promise<void> {
  if (!store.touch) return request.session.save();
  await new Promise<void>((resolve, reject) => {
    store.touch?.(request.session.sessionId, { ...session }, (error) => (error ? reject(error) : resolve()));
  });
}
