/** What no answer to a bad request may be. */
import { sessionIn } from '../visitor.ts';
import type { Attacker, BadRequest } from './bad-request.ts';
import type { Outcome } from './volley.ts';

/**
 * Null where the server does what it should: it refuses, it closes the connection, or it shows the attacker's own session.
 * @param othersBegin what names of others begin with, and no request holds
 */
export function troubleIn(
  outcome: Outcome,
  { own }: BadRequest,
  { cookieName, own: cookie, user }: Attacker,
  othersBegin: string,
): string | null {
  switch (outcome.kind) {
    case 'closed':
    case 'unread':
      return null;
    case 'silent':
      return 'gets no answer within 10 s, and the connection stays open';
    case 'refused':
      return 'finds nobody who listens';
    case 'answer': {
      const { status, head, body } = outcome.response;
      if (body.includes(othersBegin) || head.includes(othersBegin))
        return "is answered with somebody else's session";
      if (body.includes(cookie)) return 'is answered with the cookie that came with it';
      if (status === null)
        return body === ''
          ? null
          : `is answered with something that is no HTTP (${JSON.stringify(body.slice(0, 60))})`;
      if (status >= 500 && !ofTheRequest.has(status)) return `is answered with ${status}`;
      const seen = body.startsWith('{') ? sessionIn(body) : null;
      if (seen !== null && !(own && seen.user === user)) return `is answered with ${status} and a session`;
      if (status < 400 && givesCookie(head, cookieName))
        return `is answered with ${status} and the cookie of a session`;
      return null;
    }
  }
}

/** Of the 5xx, those that speak of the request and not of the server: what it does not implement, and which HTTP it does not speak. */
const ofTheRequest: ReadonlySet<number> = new Set([501, 505]);

/** Whether it sets the session's cookie to anything. */
const givesCookie = (head: string, name: string): boolean =>
  head.split('\r\n').some((line) => {
    const [, value = ''] = /^set-cookie: *([^;]*)/i.exec(line) ?? [];
    return value.startsWith(`${name}=`) && value.length > name.length + 1;
  });
