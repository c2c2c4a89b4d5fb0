/** @fastify/session, set up for this app, and what its interface lacks. docs/store-choices.md explains the cookie. */
import cookie from '@fastify/cookie';
import session from '@fastify/session';
import type { FastifyInstance, FastifyReply, FastifyRequest, Session } from 'fastify';
import type { AppConfig } from '../contract/app.ts';
import { type SessionData, type SessionStore, userIndexOf } from '../contract/store.ts';
import { signedInFrom } from './stored-session.ts';

export interface SessionCookie {
  readonly name: string;
  readonly secure: boolean;
}

export function sessionCookie(config: AppConfig): SessionCookie {
  return config.session.tls ? { name: '__Host-session', secure: true } : { name: 'session', secure: false };
}

function attributes(shape: SessionCookie) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: shape.secure } as const;
}

/** Adds cookies and sessions to `app` and the plugins inside it. */
export async function useSessions(
  app: FastifyInstance,
  config: AppConfig,
  store: SessionStore,
): Promise<void> {
  const shape = sessionCookie(config);
  await app.register(cookie);
  await app.register(session, {
    secret: config.session.secret,
    cookieName: shape.name,
    cookie: attributes(shape),
    store: asPluginStore(store),
    // So that a read is one `get` and nothing else.
    rolling: false,
    saveUninitialized: false,
  });
}

/**
 * The plugin's sessions and the contract's stored data are the same objects; only their types differ. Stored data enters here,
 * and nothing of it but what is the app's own.
 */
function asPluginStore(store: SessionStore) {
  const index = userIndexOf(store);
  return {
    get: (sid: string, done: (error: unknown, found?: Session | null) => void) =>
      store.get(sid, (error, found) => done(error, signedInFrom(found) as object as Session | null)),
    set: (sid: string, session: Session, done: (error?: unknown) => void) => {
      // The contract's type adds an index signature, which an interface cannot have.
      const data = session as object as SessionData;
      if (index && session.user !== undefined) index.setFor(session.user, sid, data, done);
      else store.set(sid, data, done);
    },
    destroy: (sid: string, done: (error?: unknown) => void) => store.destroy(sid, done),
  };
}

/** True when the request's session was found in the store, false when the plugin has just made it. */
export function cameFromStore(request: FastifyRequest, shape: SessionCookie): boolean {
  return request.session !== null && request.cookies[shape.name] === request.session.encryptedSessionId;
}

/**
 * Gives the request a new, empty session with a new id; the old session must have been destroyed. The plugin's
 * `regenerate` would also write the empty session to the store. A look-up of an id without a signature makes a
 * session and does not ask the store.
 */
export async function startAnew(app: FastifyInstance, request: FastifyRequest): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    app.decryptSession('', request, (error?: unknown) => (error ? reject(error) : resolve()));
  });
}

/**
 * Takes the session off the request, as the plugin does after it destroyed one, so that nothing is saved when the
 * answer goes out. Otherwise the plugin would save again after a failed save, while the error is sent.
 */
export function forgetSession(request: FastifyRequest): void {
  // The plugin's type leaves out that the session can be null.
  Object.assign(request, { session: null });
}

/** Tells the client to drop its cookie. */
export function clearCookie(reply: FastifyReply, shape: SessionCookie): void {
  reply.clearCookie(shape.name, attributes(shape));
}
