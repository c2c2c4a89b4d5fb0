/**
 * What a user may do with all sessions of their own (OWASP ASVS 5.0, 7.5.2 and 7.4.3), where the store keeps an index of users:
 *
 * - `DELETE /sessions` ends them all, `DELETE /sessions/others` all but the one that asks;
 * - where the store can list them, `GET /sessions` does, and `DELETE /sessions/<id>` ends one that was listed.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OwnSessions } from '../contract/app.ts';
import type { UserIndex } from '../contract/store.ts';
import { storeKeyOf, userKeyOf } from '../contract/store-key.ts';
import { refuse } from './endings.ts';
import { ProblemError } from './problems.ts';
import { schemas } from './schemas.ts';
import { isOver, type Lifetimes, type SignedIn, sessionState } from './session-data.ts';
import { clearCookie, forgetSession, type SessionCookie } from './session-plugin.ts';
import { signedInFrom } from './stored-session.ts';

export interface UserRoutesOptions {
  readonly cookie: SessionCookie;
  readonly lifetimes: Lifetimes;
  /** The guarded store's: it takes and lists the names that stores know, not ids. */
  readonly index: UserIndex;
}

const path = '/sessions';

/** Who asks, by the name that the store has for the user and for the session that came. */
interface Asker {
  readonly user: string;
  readonly key: string;
}

export async function userRoutes(
  app: FastifyInstance,
  { cookie, lifetimes, index }: UserRoutesOptions,
): Promise<void> {
  /** Answers 401 where there is no session. */
  const asking = async <Result>(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (asker: Asker) => Promise<Result>,
  ): Promise<Result> => {
    const found = sessionState(request, lifetimes, Date.now());
    // The index of this scope takes names; one that is over is left to the store.
    if (found.state !== 'alive') return refuse(request, reply, 'none', { cookie, index: null });
    return await work({ user: userKeyOf(found.session.user), key: storeKeyOf(request.session.sessionId) });
  };
  const done = (request: FastifyRequest, reply: FastifyReply, own: boolean): FastifyReply => {
    if (own) {
      forgetSession(request);
      clearCookie(reply, cookie);
    }
    return reply.code(204).send();
  };

  app.delete(path, { schema: schemas.endSessions }, (request, reply) =>
    asking(request, reply, async ({ user }) => {
      await endAll(index, user, null);
      return done(request, reply, true);
    }),
  );

  app.delete(`${path}/others`, { schema: schemas.endSessions }, (request, reply) =>
    asking(request, reply, async ({ user, key }) => {
      await endAll(index, user, key);
      return done(request, reply, false);
    }),
  );

  const { listByUser } = index;
  if (!listByUser) return;
  app.get(path, { schema: schemas.ownSessions }, (request, reply) =>
    asking(request, reply, async ({ user, key }): Promise<OwnSessions> => {
      const listed = await living(listByUser, user, lifetimes);
      const sessions = listed.map(([id, { startedAt, writtenAt }]) => {
        return { id, startedAt, writtenAt, current: id === key };
      });
      return { sessions: sessions.toSorted((a, b) => b.startedAt - a.startedAt) };
    }),
  );

  app.delete<{ Params: { id: string } }>(`${path}/:id`, { schema: schemas.endSessions }, (request, reply) =>
    asking(request, reply, async ({ user, key }) => {
      const { id } = request.params;
      const listed = await living(listByUser, user, lifetimes);
      if (!listed.some(([each]) => each === id))
        throw new ProblemError(404, 'You have no such session. GET /sessions lists those that you have.');
      await endOne(index, user, id);
      return done(request, reply, id === key);
    }),
  );
}

/** The user's sessions that are not over, by the store's name for each. */
function living(
  list: NonNullable<UserIndex['listByUser']>,
  user: string,
  lifetimes: Lifetimes,
): Promise<readonly (readonly [string, SignedIn])[]> {
  return new Promise((resolve, reject) => {
    list(user, (error, found = []) => {
      if (error) return reject(error);
      const now = Date.now();
      resolve(
        found.flatMap(({ sid, session }) => {
          const own = signedInFrom(session);
          return own === null || isOver(own, lifetimes, now) ? [] : [[sid, own] as const];
        }),
      );
    });
  });
}

const endAll = (index: UserIndex, user: string, except: string | null): Promise<void> =>
  new Promise((resolve, reject) => {
    index.destroyByUser(user, except, (error) => (error ? reject(error) : resolve()));
  });

const endOne = (index: UserIndex, user: string, sid: string): Promise<void> =>
  new Promise((resolve, reject) => {
    index.destroyFor(user, sid, (error) => (error ? reject(error) : resolve()));
  });
