/** A small session server with at most one flaw, for tests of the checks: two apps and a balancer over one memory. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { reachOf } from '../../../infra/machine/listening.ts';
import type { Insides } from '../../../infra/runtimes/runtime.ts';
import type { Surface } from '../target.ts';

const LARGEST_BODY = 2 ** 20;
const knownMethods = ['GET', 'POST', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE'];
/** How long after its answer a write is there; longer than the next request takes to come. */
const LATE_MS = 200;

export type Flaw =
  | 'none'
  | 'counts ids'
  | 'short ids'
  | 'repeats ids'
  | 'keeps the id at login'
  | 'keeps the old session at login'
  | 'adopts unknown ids'
  | 'never ends idle sessions'
  | 'has no absolute life'
  | 'logs out on one app alone'
  | 'verifies no signature'
  | 'fails on broken escapes'
  | 'lets scripts read the cookie'
  | 'tells the id in a body'
  | 'is secure by half'
  | 'sets a large cookie'
  | 'takes forms'
  | 'allows other origins'
  | 'tells an address'
  | 'shows stacks'
  | 'answers 500 without its store'
  | 'tells why it is not ready'
  | 'logs ids'
  | 'serves the newest session to all'
  | 'keeps sessions in each app'
  | 'acknowledges before it writes'
  | 'lets answers be cached'
  | 'takes bodies without a type'
  | 'trusts the affinity cookie'
  | 'lets anybody into its store'
  | 'listens everywhere'
  | 'logs names'
  | 'ends on a deep body'
  | 'serves others after a deep body'
  | 'fails on unknown methods'
  | 'keeps what it refuses'
  | 'makes sessions of bad requests'
  | 'echoes what it is sent'
  | 'keeps ids in clear'
  | 'keeps whole cookies'
  | 'trusts stored values'
  | 'dies of stored values'
  | 'merges stored values'
  | 'ends one session of a user'
  | 'ends sessions of all'
  | 'lists sessions of all'
  | 'ends sessions of others'
  | 'writes back what it read'
  | 'lets racing logins keep the old session';

/** How long a request is on its way where a flaw is about races, in milliseconds: others come meanwhile. */
const RACE_MS = 10;

interface Lives {
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
}

/** In seconds: for checks that wait for an end, and for all others, however busy the machine is. */
const lives = {
  short: { idleSeconds: 1, absoluteSeconds: 4 },
  long: { idleSeconds: 600, absoluteSeconds: 7200 },
} satisfies Readonly<Record<string, Lives>>;

interface Entry {
  /** The app that made it. */
  readonly home: string;
  readonly user: string;
  version: number;
  readonly payloadBytes: number;
  readonly startedAt: number;
  usedAt: number;
}

interface Reply {
  readonly status: number;
  readonly body?: object;
  /** Value of the cookie that is set; empty clears it. */
  readonly cookie?: string;
}

class FlawedApps {
  readonly #flaw: Flaw;
  readonly #lives: Lives;
  readonly #shared = new Map<string, Entry>();
  /** What each app has seen. */
  readonly #copies = new Map<string, Map<string, Entry>>();
  readonly log: string[] = [];
  readonly ended: string[] = [];
  readonly #kept: Buffer[] = [];
  #confused = false;
  /** Ids of sessions whose values were overwritten. */
  readonly #spoilt = new Set<string>();
  #polluted = false;
  /** Whether it answers nobody any more. */
  #gone = false;
  dead = false;
  #made = 0;
  /** How many logins each session was brought by. */
  readonly #loggingIn = new Map<string, number>();

  constructor(flaw: Flaw, ofSessions: Lives) {
    this.#flaw = flaw;
    this.#lives = ofSessions;
  }

  get sessions(): number {
    return this.#shared.size;
  }

  get keptBytes(): number {
    return this.#kept.reduce((sum, { length }) => sum + length, 0);
  }

  async serve(app: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#flaw !== 'lets answers be cached') response.setHeader('cache-control', 'no-store');
    if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) {
      response.writeHead(413, { connection: 'close' }).end();
      return;
    }
    const racing = this.#begin(request);
    const chunks: Buffer[] = [];
    // A client that goes away in the middle gets no answer.
    for await (const chunk of request) chunks.push(chunk);
    if (racing !== null) await pause(RACE_MS);
    const reply = racing?.() ?? this.#reply(app, request, Buffer.concat(chunks).toString('utf8'));
    if (this.#gone) return void request.socket.destroy();
    const { status, body, cookie } = reply;
    response.statusCode = status;
    if (cookie !== undefined) response.setHeader('set-cookie', this.#cookies(cookie));
    if (this.#flaw === 'allows other origins') response.setHeader('access-control-allow-origin', '*');
    response.end(body && JSON.stringify(body));
  }

  /** What a flaw does with a request that is on its way while others come. @returns what then ends it, in place of all else; null where none does */
  #begin({ method, url, headers: { cookie } }: IncomingMessage): (() => Reply | null) | null {
    const id = this.#verified(cookieIn(cookie ?? ''));
    const found = id === null ? undefined : this.#shared.get(id);
    if (id === null || found === undefined || this.dead || url !== '/session') return null;
    if (method === 'PATCH' && this.#flaw === 'writes back what it read') {
      const read = { ...found, version: found.version + 1 };
      return () => {
        this.#shared.set(id, read);
        return { status: 200, body: this.#view(read, id) };
      };
    }
    if (method === 'POST' && this.#flaw === 'lets racing logins keep the old session') {
      const before = this.#loggingIn.get(id) ?? 0;
      this.#loggingIn.set(id, before + 1);
      return () => null;
    }
    return null;
  }

  #cookies(value: string): readonly string[] {
    const attributes = [
      ...(value === '' ? ['Max-Age=0'] : []),
      ...(this.#flaw === 'lets scripts read the cookie' ? [] : ['HttpOnly']),
      ...(this.#flaw === 'is secure by half' ? ['Secure'] : []),
    ];
    const end = `; Path=/; SameSite=Lax${attributes.map((each) => `; ${each}`).join('')}`;
    return [
      `session=${value}${end}`,
      ...(this.#flaw === 'sets a large cookie' ? [`data=${'x'.repeat(5000)}${end}`] : []),
      ...(this.#flaw === 'tells an address' ? [`SRV=127.0.0.1${end}`] : []),
      ...(this.#flaw === 'trusts the affinity cookie' ? [`SRV=app1${end}`] : []),
    ];
  }

  #reply(app: string, request: IncomingMessage, text: string): Reply {
    const sent = cookieIn(request.headers.cookie ?? '');
    if (this.#flaw === 'fails on broken escapes' && sent.includes('%zz')) return { status: 500 };
    if (this.#flaw === 'logs ids' && sent !== '') this.log.push(`request of ${sent}`);
    const odd = this.#oddly(app, request, text, sent);
    if (odd !== null) return odd;
    if (this.dead && request.url === '/ready')
      return {
        status: 503,
        body: { detail: this.#flaw === 'tells why it is not ready' ? 'ECONNREFUSED' : 'No.' },
      };
    const path = request.url?.split('?')[0] ?? '';
    if (path !== '/session' && !path.startsWith('/sessions')) return this.#wrong(404);
    if (this.dead) return this.#wrong(this.#flaw === 'answers 500 without its store' ? 500 : 503);
    const id = this.#verified(sent);
    if (path.startsWith('/sessions')) return this.#sessionsOf(app, request.method ?? '', path.slice(10), id);
    if (id !== null && this.#spoilt.has(id) && this.#flaw === 'trusts stored values') return { status: 500 };
    if (id !== null && this.#spoilt.has(id) && this.#flaw === 'dies of stored values') this.#gone = true;
    if (sent === '' && request.method === 'GET' && this.#polluted) {
      this.#polluted = false;
      return { status: 200, body: { user: 'crafted', version: 1, payloadBytes: 0 } };
    }
    if (request.method === 'POST') return this.#login(app, request, text, sent, id);
    const entry = id === null ? undefined : this.#alive(app, id);
    if (id === null || entry === undefined) return { ...this.#wrong(401), cookie: '' };
    switch (request.method) {
      case 'GET':
        return { status: 200, body: this.#view(this.#served(entry), id) };
      case 'PATCH':
        entry.version += 1;
        return { status: 200, body: this.#view(entry, id) };
      case 'DELETE':
        this.#shared.delete(id);
        if (this.#flaw !== 'logs out on one app alone') this.#forget(id);
        this.#copies.get(app)?.delete(id);
        return { status: 204, cookie: '' };
      default:
        return this.#wrong(404);
    }
  }

  /** What a flaw makes of requests that are bad; null where there is no such flaw. */
  #oddly(
    app: string,
    { method = '', url, headers }: IncomingMessage,
    text: string,
    sent: string,
  ): Reply | null {
    const isDeep = text.startsWith('[[[[');
    const other = [...this.#shared.values()].find(({ user }) => user.startsWith('other-'));
    switch (this.#flaw) {
      case 'ends on a deep body':
        if (isDeep && this.ended.length === 0) this.ended.push(`${app} (exit code 1)`);
        return null;
      case 'serves others after a deep body':
        if (!isDeep && this.#confused && method === 'GET' && other) {
          this.#confused = false;
          return { status: 200, body: this.#view(other, '') };
        }
        this.#confused ||= isDeep;
        return null;
      case 'fails on unknown methods':
        return knownMethods.includes(method) ? null : { status: 500 };
      case 'keeps what it refuses':
        if (sent !== '' && this.#verified(sent) === null) this.#kept.push(Buffer.alloc(2 ** 20));
        return null;
      case 'makes sessions of bad requests':
        if (url !== '/session')
          this.#shared.set(randomBytes(24).toString('hex'), this.#newEntry(app, 'nobody'));
        return null;
      case 'echoes what it is sent':
        return method === 'TRACE' ? { status: 200, body: headers } : null;
      case 'trusts the affinity cookie':
        return headers.cookie === 'SRV=app1' ? { status: 200, body: {} } : null;
      default:
        return null;
    }
  }

  #newEntry(home: string, user: string, payloadBytes = 0): Entry {
    const now = Date.now();
    return { user, payloadBytes, home, version: 1, startedAt: now, usedAt: now };
  }
  /** @param which what follows `/sessions/` */
  #sessionsOf(app: string, method: string, which: string, id: string | null): Reply {
    const asker = id === null ? undefined : this.#alive(app, id);
    if (id === null || asker === undefined) return { ...this.#wrong(401), cookie: '' };
    const all = this.#idsOf(this.#flaw === 'lists sessions of all' ? null : asker.user);
    if (method === 'GET') {
      const sessions = all.flatMap((each) => {
        const { startedAt = 0, usedAt: writtenAt = 0 } = this.#shared.get(each) ?? {};
        return [{ id: hashOf(each), startedAt, writtenAt, current: each === id }];
      });
      return { status: 200, body: { sessions } };
    }
    const among = this.#flaw === 'ends sessions of others' ? this.#idsOf(null) : this.#idsOf(asker.user);
    if (which === '') this.#end(all);
    else if (which === 'others') this.#end(all.filter((each) => each !== id));
    else this.#end(among.filter((each) => which === hashOf(each)));
    return { status: 204 };
  }

  /** @param user null: of all */
  #idsOf(user: string | null): readonly string[] {
    return [...this.#shared].filter(([, entry]) => user === null || entry.user === user).map(([id]) => id);
  }

  #end(ids: readonly string[]): void {
    for (const id of ids) {
      this.#shared.delete(id);
      this.#forget(id);
    }
  }

  readonly insides: Insides = {
    endUser: async (user) => {
      const ids = this.#idsOf(this.#flaw === 'ends sessions of all' ? null : user);
      const own = this.#idsOf(user).length;
      this.#end(this.#flaw === 'ends one session of a user' ? ids.slice(0, 1) : ids);
      return own;
    },
    contents: async () =>
      [...this.#shared].flatMap(([id, entry]) => [
        this.#flaw === 'keeps ids in clear' ? id : hashOf(id),
        JSON.stringify(this.#flaw === 'keeps whole cookies' ? { ...entry, cookie: signed(id) } : entry),
      ]),
    overwrite: async (names, value) => {
      const ids = [...this.#shared.keys()].filter((id) => names.includes(id));
      for (const id of ids) this.#spoilt.add(id);
      this.#polluted = this.#flaw === 'merges stored values' && value.includes('__proto__');
      return ids.length;
    },
  };

  #served(entry: Entry): Entry {
    const newest = [...this.#shared.values()].at(-1);
    return this.#flaw === 'serves the newest session to all' && newest ? newest : entry;
  }

  #wrong(status: number): Reply {
    const detail = this.#flaw === 'shows stacks' ? 'Error\n    at serve (/srv/app.ts:1:1)' : 'No.';
    return { status, body: { detail } };
  }

  #view({ user, version, payloadBytes }: Entry, id: string): object {
    return {
      ...{ user, version, payloadBytes },
      ...(this.#flaw === 'tells the id in a body' ? { id } : {}),
    };
  }

  #login(app: string, request: IncomingMessage, text: string, sent: string, old: string | null): Reply {
    const type = request.headers['content-type'];
    const lax =
      this.#flaw === 'takes forms' || (this.#flaw === 'takes bodies without a type' && type === undefined);
    if (type !== 'application/json' && !lax) return this.#wrong(415);
    const body = parsed(text);
    if (body === null) return this.#wrong(400);
    const id = this.#idFor(sent, old);
    const races = old !== null && (this.#loggingIn.get(old) ?? 0) > 1;
    if (old !== null && !races && this.#flaw !== 'keeps the old session at login') {
      this.#shared.delete(old);
      this.#forget(old);
    }
    const entry = this.#newEntry(app, body.user, body.payloadBytes);
    if (this.#flaw === 'logs names') this.log.push(`login of ${body.user}`);
    if (this.#flaw === 'acknowledges before it writes')
      setTimeout(() => this.#shared.set(id, entry), LATE_MS).unref();
    else this.#shared.set(id, entry);
    this.#spoilt.delete(id);
    return { status: 201, body: this.#view(entry, id), cookie: signed(id) };
  }

  #idFor(sent: string, old: string | null): string {
    const [brought = ''] = sent.split('.');
    if (this.#flaw === 'keeps the id at login' && old !== null && this.#shared.has(old)) return old;
    if (this.#flaw === 'adopts unknown ids' && brought !== '' && !this.#shared.has(brought)) return brought;
    this.#made += 1;
    switch (this.#flaw) {
      case 'counts ids':
        return String(this.#made).padStart(32, '0');
      case 'short ids':
        return randomBytes(4).toString('hex');
      case 'repeats ids':
        // As an app that is started again with the same seed; within the sample of ids, so that nothing else meets it.
        return hashed(this.#made > 130 && this.#made < 250 ? this.#made - 120 : this.#made);
      default:
        return randomBytes(24).toString('base64url');
    }
  }

  #verified(sent: string): string | null {
    const [id = ''] = sent.split('.');
    if (id === '') return null;
    return sent === signed(id) || this.#flaw === 'verifies no signature' ? id : null;
  }

  #alive(app: string, id: string): Entry | undefined {
    const copies = this.#copies.get(app) ?? new Map<string, Entry>();
    this.#copies.set(app, copies);
    const entry = this.#shared.get(id) ?? copies.get(id);
    if (entry === undefined || this.#spoilt.has(id)) return undefined;
    if (this.#flaw === 'keeps sessions in each app' && entry.home !== app) return undefined;
    const now = Date.now();
    const { idleSeconds, absoluteSeconds } = this.#lives;
    const idle = now - entry.usedAt >= idleSeconds * 1000 && this.#flaw !== 'never ends idle sessions';
    const over = now - entry.startedAt >= absoluteSeconds * 1000 && this.#flaw !== 'has no absolute life';
    if (idle || over) return undefined;
    if (now - entry.usedAt >= idleSeconds * 500) entry.usedAt = now;
    copies.set(id, entry);
    return entry;
  }

  #forget(id: string): void {
    for (const copies of this.#copies.values()) copies.delete(id);
  }
}

/** Under which a session is kept. */
const hashOf = (id: string): string => createHash('sha256').update(id).digest('base64url');
const hashed = (count: number): string => createHmac('sha256', 'seed').update(String(count)).digest('hex');
const signed = (id: string): string =>
  `${id}.${createHmac('sha256', 'secret').update(id).digest('base64url')}`;

/** The first cookie of the session. */
const cookieIn = (header: string): string => /(?:^|; )session=([^;]*)/.exec(header)?.[1] ?? '';

const login = z.strictObject({ user: z.string().min(1).max(256), payloadBytes: z.int().min(0).max(65_536) });

function parsed(text: string): z.infer<typeof login> | null {
  try {
    return login.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function portOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on no port');
  return address;
}

/** Some of each kind. */
const BAD_REQUESTS = 300;

export interface FlawedDeployment {
  readonly surface: Surface;
  close(): Promise<void>;
}

/** Listens on free ports of loopback. */
export async function startFlawed(flaw: Flaw, length: keyof typeof lives): Promise<FlawedDeployment> {
  const apps = new FlawedApps(flaw, lives[length]);
  const servers: Server[] = [];
  const listen = async (name: string): Promise<string> => {
    const server = createServer((request, response) => {
      apps.serve(name, request, response).catch(() => response.destroy());
    });
    servers.push(server);
    await once(server.listen(0, flaw === 'listens everywhere' ? '0.0.0.0' : '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${portOf(server).port}`;
  };
  const surface: Surface = {
    balancer: await listen('app 1'),
    apps: [await listen('app 1'), await listen('app 2')],
    tied: false,
    ...lives[length],
    insides: apps.insides,
    storeCommands: async () => ({}),
    ...{ patienceSeconds: 1, clockSeconds: 0.2, raceTries: 10 },
    badRequests: { seed: 1, count: BAD_REQUESTS },
    quietly: (work) => work(),
    loudly: (work) => work(),
    countSessions: async () => apps.sessions,
    memory: async () => new Map([['app', apps.keptBytes]]),
    exits: () => apps.ended,
    listeners: async () =>
      servers.map((server, at) => {
        const { address, port } = portOf(server);
        return { node: `app-${at}`, address, port, reach: reachOf(address) };
      }),
    knock: async () => [
      { node: 'store-1', how: 'without a password', admitted: flaw === 'lets anybody into its store' },
    ],
    encryption: async () => [{ node: 'store-1', tls: 'not taken', clear: 'taken' }],
    logs: async () => new Map([['app-1.log', apps.log.join('\n')]]),
    killStore: async () => {
      apps.dead = true;
    },
  };
  const close = async (): Promise<void> => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  };
  return { surface, close };
}
