/** Starts the app over the trial store, and talks to it as a client with one cookie would. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { AppConfig } from '../../contract/app.ts';
import { type RunningApp, startApp } from '../running-app.ts';
import { control, storePath } from './trial-store.ts';

export const token = 'a token for the tests';
export const storeTimeoutMs = 200;

export type SessionOverrides = Partial<AppConfig['session']>;

export function configForTest(session: SessionOverrides = {}, storeModule = storePath): AppConfig {
  return {
    strategy: 'trial',
    storeModule,
    instance: 1,
    listen: { host: '127.0.0.1', port: 0 },
    admin: { host: '127.0.0.1', port: 0, token },
    session: { secret: 'a secret that is long enough for it', ttlSeconds: 600, ...session },
    storeTimeoutMs,
    endpoints: {},
  };
}

/** An app that stops with the test. The trial store is as new. */
export async function startForTest(t: TestContext, session: SessionOverrides = {}): Promise<RunningApp> {
  control.reset();
  const app = await startApp(configForTest(session));
  t.after(async () => {
    control.reset();
    await app.stop(1000);
  });
  return app;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export class Client {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  /** `name=value`, as last set by the app; undefined when it was cleared or never set. */
  cookie: string | undefined;

  constructor(app: Pick<RunningApp, 'url'>, headers: Readonly<Record<string, string>> = {}) {
    this.#url = app.url;
    this.#headers = headers;
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        ...this.#headers,
        ...(this.cookie && { cookie: this.cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const setCookie = response.headers.get('set-cookie');
    if (setCookie) this.cookie = /;\s*max-age=0/i.test(setCookie) ? undefined : setCookie.split(';')[0];
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    };
  }

  login(user = 'ann', payloadBytes = 100): Promise<Answer> {
    return this.request('POST', '/session', { user, payloadBytes });
  }

  read(): Promise<Answer> {
    return this.request('GET', '/session');
  }

  write(part = 0): Promise<Answer> {
    return this.request('PATCH', '/session', { part });
  }

  logout(): Promise<Answer> {
    return this.request('DELETE', '/session');
  }
}

/** Checks that an answer is Problem Details of a status; gives its detail. */
export function problemOf(answer: Answer, status: number): string {
  assert.equal(answer.status, status);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8');
  const { type, title, status: told, detail, ...rest } = Object(answer.body);
  assert.equal(type, 'about:blank');
  assert.equal(typeof title, 'string');
  assert.equal(told, status);
  assert.equal(typeof detail, 'string');
  assert.deepEqual(rest, {});
  return detail;
}
