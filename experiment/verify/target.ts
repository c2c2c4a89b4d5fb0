/** What is verified: a deployment as an attacker reaches it, and all that clients were given in it. */
import { Visitor } from './visitor.ts';

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
  /** How many sessions are tried for a race at each place, a multiple of 10: it is lost by chance, so that one try shows nothing. */
  readonly raceTries: number;
  /** Text of each log so far, by its file's name. */
  logs(): Promise<ReadonlyMap<string, string>>;
  /** Kills every server of the store; null where there is none. */
  readonly killStore: (() => Promise<void>) | null;
}

/** Shorter texts would be found in logs by chance. */
const SHORTEST_SECRET = 16;

export class Target {
  readonly surface: Surface;
  /** Name of the app's own cookie. */
  readonly cookieName: string;
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
    return `user-${this.#users}`;
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
