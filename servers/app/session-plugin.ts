/**
 * @fastify/session, set up for this app, and what its interface lacks.
 *
 * The cookie is `HttpOnly; SameSite=Lax; Path=/`. Where TLS ends in front of the app (`session.tls`) it is
 * `__Host-session` with `Secure`; on plain loopback, where a client would refuse such a cookie, it is `session`.
 * It is a switch and not read from each request because the plugin takes one cookie name for all requests, and
 * because a request that came in clear must then be refused, not served with a weaker cookie. The work is the same
 * either way: the same code signs, looks up and writes a cookie that is 15 bytes longer.
 *
 * `rolling: false` and `saveUninitialized: false`: a read is one `get` and nothing else. The cookie has no
 * `Max-Age`: the server decides when a session ends, and the plugin's own handling of an expired cookie would
 * write an empty session to the store.
 *
 * Session ids are the plugin's: 24 bytes of `crypto.randomBytes`, 192 bits (ASVS 5.0, 7.2.3 asks for 128).
 */
import cookie from '@fastify/cookie';
import session from '@fastify/session';
import type { FastifyInstance, FastifyReply, FastifyRequest, Session } from 'fastify';
import type { AppConfig } from '../contract/app.ts';
import type { SessionData, SessionStore } from '../contract/store.ts';

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
    rolling: false,
    saveUninitialized: false,
  });
}

/** A session to the plugin and stored data to the contract are the same objects; only their types differ. */
function asPluginStore(store: SessionStore) {
  return {
    // Stored data enters here unchecked: the routes check its shape (session-data.ts).
    get: (sid: string, done: (error: unknown, found?: Session | null) => void) =>
      store.get(sid, (error, found) => done(error, found as object as Session | null)),
    // An interface has no index signature, which is all that the contract's type adds.
    set: (sid: string, data: Session, done: (error?: unknown) => void) =>
      store.set(sid, data as object as SessionData, done),
    destroy: (sid: string, done: (error?: unknown) => void) => store.destroy(sid, done),
  };
}

/** True when the request's session was found in the store, false when the plugin has just made it. */
export function cameFromStore(request: FastifyRequest, shape: SessionCookie): boolean {
  return request.session !== null && request.cookies[shape.name] === request.session.encryptedSessionId;
}

/**
 * Gives the request a new, empty session with a new id; the old one must have been destroyed. The plugin's
 * `regenerate` does both, but also writes the new session while it is empty: a round trip for nothing, and a
 * record that means nothing. Looking up an id without a signature makes a session without asking the store.
 */
export async function startAnew(app: FastifyInstance, request: FastifyRequest): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    app.decryptSession('', request, (error?: unknown) => (error ? reject(error) : resolve()));
  });
}

/**
 * Takes the session off the request, as the plugin does after destroying one, so that nothing of it is saved
 * when the answer goes out. After a failed save the plugin would otherwise save again while the error is sent.
 */
export function forgetSession(request: FastifyRequest): void {
  // The plugin's type leaves out that the session can be null.
  Object.assign(request, { session: null });
}

/** Tells the client to drop its cookie. */
export function clearCookie(reply: FastifyReply, shape: SessionCookie): void {
  reply.clearCookie(shape.name, attributes(shape));
}
