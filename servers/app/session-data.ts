/** When a session is alive, and what a login, a write and a read make of it. */
import type { FastifyRequest } from 'fastify';
import type { SessionView } from '../contract/app.ts';
import type { ValuePath } from '../contract/store.ts';
import { makeParts, payloadSize, replacePart } from './payload.ts';
import type { SignedIn } from './stored-session.ts';

export type { SignedIn };

declare module 'fastify' {
  /** Fields that @fastify/session carries; all absent in a session that nobody has logged in to. */
  interface Session extends Partial<SignedIn> {}
}

/**
 * How long a session lives.
 * @see OWASP ASVS 5.0, 7.3.1 (inactivity) and 7.3.2 (absolute lifetime)
 */
export interface Lifetimes {
  readonly idleMs: number;
  readonly absoluteMs: number;
}

type RequestSession = FastifyRequest['session'];

/** The plugin's session has the fields of {@link SignedIn} all or none: `signedInFrom` and `signIn` see to it. */
const isSignedIn = (session: RequestSession | null): session is RequestSession & SignedIn =>
  session?.user !== undefined;

export type SessionState =
  | { readonly state: 'none' }
  /** Past its absolute lifetime; still in the store. */
  | { readonly state: 'over' }
  | { readonly state: 'alive'; readonly session: RequestSession & SignedIn };

/** Whether a session is past its absolute lifetime. */
export const isOver = ({ startedAt }: SignedIn, { absoluteMs }: Lifetimes, now: number): boolean =>
  now - startedAt >= absoluteMs;

/**
 * Judges the session that came with a request. The store ends idle sessions (it keeps the deadline beside
 * the data and moves it on at each set and touch); the absolute lifetime is in the data and judged here.
 */
export function sessionState(request: FastifyRequest, lifetimes: Lifetimes, now: number): SessionState {
  const session: RequestSession | null = request.session;
  if (!isSignedIn(session)) return { state: 'none' };
  if (isOver(session, lifetimes, now)) return { state: 'over' };
  return { state: 'alive', session };
}

export function signIn(session: RequestSession, user: string, payloadBytes: number, now: number): SignedIn {
  const data: SignedIn = {
    user,
    version: 1,
    parts: makeParts(user, payloadBytes),
    startedAt: now,
    writtenAt: now,
  };
  Object.assign(session, data);
  return data;
}

/** @returns what of the session has changed */
export function write(session: SignedIn, part: number, now: number): readonly ValuePath[] {
  session.version += 1;
  session.writtenAt = now;
  replacePart(session.parts, part, session.user, session.version);
  return [['version'], ['writtenAt'], ['parts', String(part)]];
}

/** After half of the idle time without a write, a read must move the deadline on. */
export function needsTouch(session: SignedIn, lifetimes: Lifetimes, now: number): boolean {
  return now - session.writtenAt >= lifetimes.idleMs / 2;
}

export function viewOf(session: SignedIn): SessionView {
  return { user: session.user, version: session.version, payloadBytes: payloadSize(session.parts) };
}
