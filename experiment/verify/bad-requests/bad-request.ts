/** What a bad request is: bytes that no well-behaved client sends, and what may come of them. */
import type { Lot } from './lot.ts';

/** What somebody has who wants to harm others: a session of his own, and what he has seen of theirs. */
export interface Attacker {
  /** `127.0.0.1:8080`, where the request goes to. */
  readonly host: string;
  /** Name of the session's cookie. */
  readonly cookieName: string;
  /** The balancer's own cookie, with what separates it from the next; empty where it sets none. */
  readonly tie: string;
  /** Value of the cookie of the attacker's own session. */
  readonly own: string;
  /** Who is signed in with it. */
  readonly user: string;
  /** Values of cookies of others. No request holds one as it is: whoever has it, is let in. */
  readonly others: readonly [string, ...string[]];
  /** Stands in what is invented, so that it is found where it must not be. */
  readonly mark: string;
}

/**
 * `whole`: a server can tell where it ends, and other requests may follow. `last`: the server answers or closes the connection, and
 * nothing may follow. `cut`: the client goes away in the middle of it. `slow`: the client sends it in pieces, over minutes.
 */
export type Ending = 'whole' | 'last' | 'cut' | 'slow';

export interface BadRequest {
  /** For people: `a cookie cut short`. */
  readonly what: string;
  /** As it goes on the wire, a character for each byte. */
  readonly text: string;
  readonly ending: Ending;
  /** True for `HEAD`, whose answer has no body. */
  readonly bodiless: boolean;
  /** Whether it holds the attacker's own cookie, whose session it may then be shown. */
  readonly own: boolean;
}

/** One kind of bad request. */
export interface Kind {
  /** How often it comes, compared with others. */
  readonly weight: number;
  make(lot: Lot, attacker: Attacker): BadRequest;
}

interface Parts {
  readonly method?: string;
  readonly target?: string;
  /** Header lines. */
  readonly head?: readonly string[];
  /** Sent with its length; none where it is left out. */
  readonly body?: string;
}

const JSON_TYPE = 'content-type: application/json';

/** The bytes of a request that follows HTTP in all that is not given here. */
export function bytesOf(
  { host }: Attacker,
  { method = 'GET', target = '/session', head = [], body }: Parts,
): string {
  const typed = head.some((line) => line.toLowerCase().startsWith('content-type'));
  const content = body === undefined ? [] : [...(typed ? [] : [JSON_TYPE]), `content-length: ${body.length}`];
  return `${[`${method} ${target} HTTP/1.1`, `host: ${host}`, ...head, ...content].join('\r\n')}\r\n\r\n${body ?? ''}`;
}

const plain = { ending: 'whole', bodiless: false, own: false } as const;

export const badRequest = (
  what: string,
  text: string,
  more: Partial<Pick<BadRequest, 'ending' | 'bodiless' | 'own'>> = {},
): BadRequest => ({ ...plain, what, text, ...more });

/** A header line with cookies, those of the balancer first. */
export const cookieLine = ({ tie }: Attacker, pairs: string): string => `cookie: ${tie}${pairs}`;

/** The attacker's own cookie as a header line. */
export const ownCookie = (attacker: Attacker): string =>
  cookieLine(attacker, `${attacker.cookieName}=${attacker.own}`);
