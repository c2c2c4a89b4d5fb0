/** One client of a deployment, with a jar of cookies, that can go to the balancer and to each app. */
import { z } from 'zod';
import { sessionView } from '../../servers/contract/app.ts';

const TIME_OUT_MS = 10_000;

export interface SetCookie {
  readonly name: string;
  /** As it stands in the header. */
  readonly value: string;
  /** In lower case, such as `httponly` and `samesite=lax`. */
  readonly attributes: readonly string[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly setCookies: readonly SetCookie[];
  readonly text: string;
}

/** Told of every cookie that an answer sets. */
export type Witness = (cookie: SetCookie) => void;

export class Visitor {
  readonly #jar: Map<string, string>;
  readonly #url: string;
  readonly #witness: Witness;

  constructor(url: string, witness: Witness, cookies: ReadonlyMap<string, string> = new Map()) {
    this.#url = url;
    this.#witness = witness;
    this.#jar = new Map(cookies);
  }

  /** As they are now: another visitor's stay when these change. */
  get cookies(): ReadonlyMap<string, string> {
    return new Map(this.#jar);
  }

  /** Somebody at another address who has the same cookies now. */
  at(url: string): Visitor {
    return new Visitor(url, this.#witness, this.#jar);
  }

  login(user: string, payloadBytes = 64, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('POST', { user, payloadBytes }, headers);
  }

  read(): Promise<Answer> {
    return this.send('GET');
  }

  write(part = 0): Promise<Answer> {
    return this.send('PATCH', { part });
  }

  logout(): Promise<Answer> {
    return this.send('DELETE');
  }

  /** @param body an object is sent as JSON, a text as it is. @throws Error when there is no answer */
  async send(
    method: string,
    body?: object | string,
    headers: Readonly<Record<string, string>> = {},
    path = '/session',
  ): Promise<Answer> {
    const cookie = [...this.#jar].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        ...(cookie === '' ? {} : { cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIME_OUT_MS),
    });
    const setCookies = response.headers.getSetCookie().map(parsed);
    for (const each of setCookies) this.#keep(each);
    return { status: response.status, headers: response.headers, setCookies, text: await response.text() };
  }

  #keep(cookie: SetCookie): void {
    const { name, value, attributes } = cookie;
    if (value === '' || attributes.includes('max-age=0')) this.#jar.delete(name);
    else {
      this.#jar.set(name, value);
      this.#witness(cookie);
    }
  }
}

function parsed(line: string): SetCookie {
  const [pair = '', ...attributes] = line.split(';').map((each) => each.trim());
  const [name = '', value = ''] = pair.split(/=(.*)/s);
  return { name, value, attributes: attributes.map((each) => each.toLowerCase()) };
}

/** An app that tells more shows a session all the same. */
const shownSession = z.object(sessionView.shape);

/** Whose session an answer shows, and its version; null where it shows none. */
export function sessionIn(text: string): { readonly user: string; readonly version: number } | null {
  try {
    const found = shownSession.safeParse(JSON.parse(text));
    return found.success ? found.data : null;
  } catch {
    return null;
  }
}
