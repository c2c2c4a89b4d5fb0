/**
 * Populations that nobody logs in: sessions as the app would have written them, put into the store many at a time. A session is
 * made from what the app really writes at a login, so that both hold the same bytes; `differenceFromApp` holds it to that.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance } from 'fastify';
import type { AppConfig, BulkCheck, BulkFill, BulkMembers, Member } from '../contract/app.ts';
import type { BulkAccess, BulkSession, OpenStore, SessionData, SessionStore } from '../contract/store.ts';
import { storeKeyOf } from '../contract/store-key.ts';
import { fillBySets } from '../lib/fill-by-sets.ts';
import { makeParts } from './payload.ts';
import { sessionCookie, useSessions } from './session-plugin.ts';
import { sessionRoutes } from './session-routes.ts';

/** Of one call of a store: enough for a long write, and little beside what an app has. */
const BATCH_BYTES = 1_000_000;
const MOST_IN_BATCH = 1_000;
/** What a session holds beside its payload, about. */
const FIELDS_BYTES = 300;
/** As @fastify/session makes ids: 24 bytes in base64url. */
const ID_LENGTH = 32;
/** Behind a proxy that ends TLS; without it the app refuses sessions whose cookie is `Secure`. */
const headers = { 'content-type': 'application/json', 'x-forwarded-proto': 'https' };

/** Which session: the population's name, and a number that is this app's. */
interface Numbered {
  readonly bulk: string;
  readonly number: number;
}

export class Bulk {
  readonly #config: AppConfig;
  readonly #open: OpenStore;
  readonly #publicApp: FastifyInstance;
  readonly #access: BulkAccess;
  /** What a login writes; made when it is first asked for. */
  #template: Promise<SessionData> | null = null;

  /** @param publicApp the app that is measured, with its routes */
  constructor(config: AppConfig, open: OpenStore, publicApp: FastifyInstance) {
    this.#config = config;
    this.#open = open;
    this.#publicApp = publicApp;
    this.#access = open.bulk ?? throughSets(open.store, config.session.ttlSeconds);
  }

  /** @throws Error when the store took not all of them */
  async fill({ bulk, from, count, payloadBytes, endsAt }: BulkFill): Promise<void> {
    this.#template ??= writtenByLogin(this.#config);
    const template = await this.#template;
    const size = batchSize(payloadBytes);
    for (let first = from; first < from + count; first += size) {
      const numbers = Array.from({ length: Math.min(size, from + count - first) }, (_, at) => first + at);
      const now = Date.now();
      const sessions = numbers.map((number) => this.#session(template, { bulk, number }, payloadBytes, now));
      await this.#access.fill(sessions, this.#lifeOf(endsAt, now));
    }
  }

  members({ bulk, numbers }: BulkMembers): readonly Member[] {
    const { name } = sessionCookie(this.#config);
    const signer = cookie.signerFactory(this.#config.session.secret);
    return numbers.map((number) => {
      const signed = signer.sign(this.#sidOf({ bulk, number }));
      return { user: this.#userOf({ bulk, number }), cookies: `${name}=${encodeURIComponent(signed)}` };
    });
  }

  /**
   * How a session of the population differs from one that a login of the same user writes; null where it does not. The login's
   * session ends again.
   */
  async differenceFromApp({ bulk, number, payloadBytes }: BulkCheck): Promise<string | null> {
    const user = this.#userOf({ bulk, number });
    const filled = await this.#find(this.#sidOf({ bulk, number }));
    if (filled === null) return `session ${number} of the population is not in the store`;
    const body = { user, payloadBytes };
    const answer = await this.#publicApp.inject({ method: 'POST', url: '/session', headers, payload: body });
    // It says nothing of the session: a store that has just been filled may be at its own work for longer than the app waits.
    if (answer.statusCode === 503) throw new Error(`it did not answer a login of ${user} in time`);
    if (answer.statusCode !== 201) return `a login of ${user} was answered with ${answer.statusCode}`;
    const sid = sidIn(answer.cookies.map(({ value }) => value));
    const written = await this.#find(sid);
    await this.#destroy(sid);
    if (written === null) return `a login of ${user} left nothing in the store`;
    return differenceOf(filled, written);
  }

  held(): number | null {
    return this.#access.held?.() ?? null;
  }

  #session(template: SessionData, which: Numbered, payloadBytes: number, now: number): BulkSession {
    const user = this.#userOf(which);
    const own = { user, parts: makeParts(user, payloadBytes), startedAt: now, writtenAt: now };
    // In the order of the template's fields, which is the order of what is stored.
    return { key: storeKeyOf(this.#sidOf(which)), session: { ...template, ...own } };
  }

  #userOf({ bulk, number }: Numbered): string {
    return `${bulk}-${this.#config.instance}-${number}`;
  }

  #sidOf(which: Numbered): string {
    return createHash('sha256').update(this.#userOf(which)).digest('base64url').slice(0, ID_LENGTH);
  }

  #lifeOf(endsAt: number | null, now: number): number {
    return endsAt === null ? this.#config.session.ttlSeconds : Math.max(1, (endsAt - now) / 1000);
  }

  #find(sid: string): Promise<SessionData | null> {
    return new Promise((resolve, reject) => {
      this.#open.store.get(storeKeyOf(sid), (error, found) =>
        error ? reject(error) : resolve(found ?? null),
      );
    });
  }

  #destroy(sid: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#open.store.destroy(storeKeyOf(sid), (error) => (error ? reject(error) : resolve()));
    });
  }
}

const batchSize = (payloadBytes: number): number =>
  Math.max(1, Math.min(MOST_IN_BATCH, Math.floor(BATCH_BYTES / (payloadBytes + FIELDS_BYTES))));

/** The id in a signed cookie: what stands before the signature. */
function sidIn([value = '']: readonly string[]): string {
  return value.slice(0, value.lastIndexOf('.'));
}

/** What the plugin hands to a store when somebody logs in, with the app's own routes and no store behind them. */
async function writtenByLogin(config: AppConfig): Promise<SessionData> {
  const app: FastifyInstance = Fastify({ trustProxy: true });
  const written: SessionData[] = [];
  const store: SessionStore = {
    get: (_sid, done) => done(null, null),
    // Its own fields and no others: the plugin's secrets are no part of what is stored.
    set: (_sid, session, done) => {
      written.push(Object.fromEntries(Object.entries(session)));
      done();
    },
    destroy: (_sid, done) => done(),
  };
  const lifetimes = { idleMs: Number.POSITIVE_INFINITY, absoluteMs: Number.POSITIVE_INFINITY };
  await app.register(async (scope) => {
    await useSessions(scope, config, store);
    await scope.register(sessionRoutes, { cookie: sessionCookie(config), lifetimes, store });
  });
  const payload = { user: 'template', payloadBytes: 0 };
  const { statusCode, body } = await app.inject({ method: 'POST', url: '/session', headers, payload });
  await app.close();
  const [session] = written;
  if (!session) throw new Error(`a login wrote nothing; it was answered with ${statusCode}: ${body}`);
  return session;
}

/** When they were written is all in which two sessions of a user may differ. */
function differenceOf(filled: SessionData, written: SessionData): string | null {
  const [here, there] = [timeless(filled), timeless(written)];
  if (isDeepStrictEqual(here, there)) return null;
  const fields = [...new Set([...Object.keys(here), ...Object.keys(there)])].filter(
    (field) => !isDeepStrictEqual(here[field], there[field]),
  );
  return `it differs from what a login of the same user writes in ${fields.join(', ')}`;
}

function timeless({ startedAt: _startedAt, writtenAt: _writtenAt, ...rest }: SessionData): SessionData {
  return rest;
}

/** For stores that have no other way: the app's own writes, many under way at once. */
function throughSets(store: SessionStore, usualSeconds: number): BulkAccess {
  return {
    async fill(sessions, ttlSeconds) {
      if (ttlSeconds !== usualSeconds)
        throw new Error('this store has no bulk access, so that its sessions all have the usual idle life');
      await fillBySets(store, sessions, MOST_SETS);
    },
  };
}

const MOST_SETS = 64;
