/** How a session ends, and what a client gets that has none. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { UserIndex } from '../contract/store.ts';
import { sendProblem } from './problems.ts';
import { clearCookie, forgetSession, type SessionCookie } from './session-plugin.ts';

export interface EndingOptions {
  readonly cookie: SessionCookie;
  /** The store's, by ids; null where it keeps none. */
  readonly index: UserIndex | null;
}

/** Ends the session of the request in the store, and takes it off the request. */
export async function endSession(request: FastifyRequest, index: UserIndex | null): Promise<void> {
  const { sessionId, user } = request.session;
  if (index === null || user === undefined) return request.session.destroy();
  await new Promise<void>((resolve, reject) => {
    index.destroyFor(user, sessionId, (error) => (error ? reject(error) : resolve()));
  });
  forgetSession(request);
}

/** 401. A session past its lifetime is also ended in the store. */
export async function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  state: 'none' | 'over',
  { cookie, index }: EndingOptions,
): Promise<never> {
  if (state === 'over') await endSession(request, index);
  forgetSession(request);
  if (request.cookies[cookie.name] !== undefined) clearCookie(reply, cookie);
  reply.header('www-authenticate', 'Cookie realm="session"');
  // Fastify takes the reply as the handler's answer; its type does not say so.
  return sendProblem(reply, 401, 'There is no session. Log in with POST /session.') as never;
}
