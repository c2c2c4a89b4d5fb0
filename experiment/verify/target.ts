/** What is verified: a deployment as an attacker reaches it, and all that clients were given in it. */
import { randomBytes } from 'node:crypto';
import type { Encryption, Insides, Knock, Listener } from '../../infra/runtimes/runtime.ts';
import { Visitor } from './visitor.ts';

/** Of the servers of each tier together, in bytes, by the tier's name, without garbage of apps; null where it cannot be read. */
export type MemoryReading = ReadonlyMap<string, number | null>;

/** A deployment, as far as checks look at it. */
export interface Surface {
  /** Base URLs. */
  readonly balancer: string;
  readonly apps: readonly string[];
  /** Whether the balancer ties a client to its app, which then knows sessions of its own alone. */
  readonly tied: boolean;
  /** Idle and absolute life of a session, in seconds. */
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
  /** How long past its life a session is waited for to end before it counts as one that does not. */
  readonly patienceSeconds: number;
  /** How long past its idle life every store has surely ended a session: some have clocks of whole seconds. */
  readonly clockSeconds: number;
  /** Of which seed bad requests are, and how many are sent; 0 for none. */
  readonly badRequests: { readonly seed: number; readonly count: number };
  /** Carries out what keeps time, and no work that keeps the machine busy meanwhile. */
  quietly<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Carries out what keeps the machine busy, when nothing else does and nothing keeps time. */
  loudly<Result>(work: () => Promise<Result>): Promise<Result>;
  /** How many sessions are tried for a race at each place, a multiple of 10: it is lost by chance, so that one try shows nothing. */
  readonly raceTries: number;
  /** Text of each log so far, by its file's name. */
  logs(): Promise<ReadonlyMap<string, string>>;
  /** Sessions that are alive, by the store's own count; null where it has none. */
  countSessions(): Promise<number | null>;
  memory(): Promise<MemoryReading>;
  /** Servers that ended though nobody asked them to, and how: `app-1 (SIGSEGV)`. */
  exits(): readonly string[];
  /** Where its servers are reached. @throws Error where it cannot be read */
  listeners(): Promise<readonly Listener[]>;
  /** What comes of going to its servers without a login. @throws Error where one gives no answer */
  knock(): Promise<readonly Knock[]>;
  /** Whether the servers of its store take TLS; empty where there is none. @throws Error as `knock` */
  encryption(): Promise<readonly Encryption[]>;
  /** What no client reaches. */
  readonly insides: Insides;
  /** Commands that the servers of the store have carried out, by their own names; empty where there is none. */
  storeCommands(): Promise<Readonly<Record<string, number>>>;
  /** Kills every server of the store; null where there is none. */
  readonly killStore: (() => Promise<void>) | null;
}

/** Shorter texts would be found in logs by chance. */
const SHORTEST_SECRET = 16;

export class Target {
  readonly surface: Surface;
  /** Name of the app's own cookie. */
  readonly cookieName: string;
  /** In the name of every user of these checks, and nowhere else. */
  readonly nonce = newText();
  readonly #secrets: Set<string>;
  #users = 0;

  private constructor(surface: Surface, cookieName: string, secrets: Set<string>) {
    this.surface = surface;
    this.cookieName = cookieName;
    this.#secrets = secrets;
  }

  /** Logs in to an app past the balancer: whatever cookie it sets is the session's. @throws Error when it sets none */
  static async meet(surface: Surface): Promise<Target> {
    const [app = surface.balancer] = surface.apps;
    const answer = await new Visitor(app, () => {}).login('first');
    const [cookie] = answer.setCookies;
    if (answer.status !== 201 || cookie === undefined)
      throw new Error(`a login is answered with ${answer.status} and ${answer.setCookies.length} cookies`);
    return new Target(surface, cookie.name, new Set([idOf(cookie.value)]));
  }

  /** The balancer, and each app. */
  get places(): readonly string[] {
    return [this.surface.balancer, ...this.surface.apps];
  }

  /** Ids, and other values of session cookies, that clients were given or have sent. */
  get secrets(): readonly string[] {
    return [...this.#secrets].filter((each) => each.length >= SHORTEST_SECRET);
  }

  /** A user whom nobody else is. */
  newUser(): string {
    this.#users += 1;
    return `user-${this.nonce}-${this.#users}`;
  }

  /** A text that is looked for as ids are: what holds it was invented. */
  newMark(): string {
    const mark = `mark-${newText()}`;
    this.#secrets.add(mark);
    return mark;
  }

  /** A client without cookies. */
  visitor(url: string = this.surface.balancer): Visitor {
    return new Visitor(url, ({ name, value }) => {
      if (name === this.cookieName) this.#secrets.add(idOf(value));
    });
  }

  /** A client that sends this value as its session's cookie. */
  withCookie(url: string, value: string): Visitor {
    this.#secrets.add(idOf(value));
    return new Visitor(url, () => {}, new Map([[this.cookieName, value]]));
  }

  /** @throws Error when a login is refused */
  async signedIn(url: string = this.surface.balancer, user: string = this.newUser()): Promise<Visitor> {
    const visitor = this.visitor(url);
    const { status } = await visitor.login(user);
    if (status !== 201) throw new Error(`a login is answered with ${status}`);
    return visitor;
  }

  /** The value of a client's session cookie, as it stands in the header. @throws Error when it has none */
  cookieOf(visitor: Visitor): string {
    const value = visitor.cookies.get(this.cookieName);
    if (value === undefined) throw new Error(`the client has no cookie ${this.cookieName}`);
    return value;
  }

  /** Places that must know a session that was made at one of them. */
  placesFor(url: string): readonly string[] {
    return this.surface.tied ? [url] : this.places;
  }

  /** Where a place is named in a sentence. */
  nameOf(url: string): string {
    const number = this.surface.apps.indexOf(url) + 1;
    return number === 0 ? 'the balancer' : `app ${number}`;
  }
}

/** That nobody has by chance. */
const newText = (): string => randomBytes(8).toString('hex');

/** The part of a cookie's value that a store sees: what is before the signature, decoded. */
export function idOf(value: string): string {
  const decoded = decodedOr(value);
  const end = decoded.lastIndexOf('.');
  return end <= 0 ? decoded : decoded.slice(0, end);
}

function decodedOr(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
