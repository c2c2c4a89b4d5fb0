/** Methods and paths that there are not, or that lead elsewhere once somebody decodes them. */
import { badRequest, bytesOf, type Kind, ownCookie } from '../bad-request.ts';

const methods = [
  'PUT',
  'OPTIONS',
  'PROPFIND',
  'PROPPATCH',
  'MKCOL',
  'COPY',
  'MOVE',
  'LOCK',
  'UNLOCK',
  'SEARCH',
  'PURGE',
  'LINK',
  'SUBSCRIBE',
  'REPORT',
  'M-SEARCH',
  'QUERY',
] as const;

/** HTTP has no such method; servers may close the connection. */
const unknownMethods = ['FOO', 'get', 'GETS', 'G', 'POST1', 'DELETE.', 'X'.repeat(300)] as const;

const paths = [
  '/session/',
  '//session',
  '/./session',
  '/x/../session',
  '/session/..',
  '/session/%2e%2e/health',
  '/%73ession',
  '/SESSION',
  '/session%00',
  '/session%2f',
  '/session;a=b',
  '/session.json',
  '/session%',
  '/session%zz',
  '/%ff%fe',
  '/%c0%af..%c0%afetc/passwd',
  '/../../../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..%5c..%5cwindows',
  '/__proto__',
  '/constructor/prototype',
  '/.git/config',
  '/.env',
  '/server-status',
  '/haproxy?stats',
  '/counters',
  '/clear',
  '/sessions',
  '/ready/../counters',
  '/health/x',
  '/*',
  '/',
  '/session?_method=DELETE',
  '/session?__proto__[user]=root',
  '/session?%00',
] as const;

export const pathKinds: readonly Kind[] = [
  {
    weight: 20,
    make(lot, attacker) {
      const own = lot.chance(30);
      const method = lot.oneOf(methods);
      const head = own ? [ownCookie(attacker)] : [];
      return badRequest(
        'a method that there is not',
        bytesOf(attacker, { method, head, ...(lot.chance(30) ? { body: '{"part":0}' } : {}) }),
        { own },
      );
    },
  },
  {
    weight: 3,
    make: (lot, attacker) =>
      badRequest(
        'a method that HTTP does not have',
        bytesOf(attacker, { method: lot.oneOf(unknownMethods) }),
        {
          ending: 'last',
        },
      ),
  },
  {
    weight: 2,
    make: (_lot, attacker) =>
      badRequest('CONNECT', `CONNECT ${attacker.host} HTTP/1.1\r\nhost: ${attacker.host}\r\n\r\n`, {
        ending: 'last',
      }),
  },
  {
    weight: 4,
    make: (_lot, attacker) =>
      badRequest('TRACE', bytesOf(attacker, { method: 'TRACE', head: [ownCookie(attacker)] }), { own: true }),
  },
  {
    weight: 4,
    make: (_lot, attacker) =>
      badRequest('HEAD', bytesOf(attacker, { method: 'HEAD', head: [ownCookie(attacker)] }), {
        bodiless: true,
        own: true,
      }),
  },
  {
    weight: 6,
    make(lot, attacker) {
      const name = lot.oneOf(['x-http-method-override', 'x-method-override', 'x-http-method']);
      const head = [ownCookie(attacker), `${name}: ${lot.oneOf(['DELETE', 'PATCH', 'POST'])}`];
      return badRequest('another method in a header', bytesOf(attacker, { head }), { own: true });
    },
  },
  {
    weight: 6,
    make: (lot, attacker) =>
      badRequest(
        'a body with a read',
        bytesOf(attacker, { head: [ownCookie(attacker)], body: lot.letters(lot.between(1, 500)) }),
        {
          own: true,
        },
      ),
  },
  {
    weight: 40,
    make(lot, attacker) {
      const own = lot.chance(30);
      const method = lot.oneOf(['GET', 'GET', 'POST', 'DELETE', 'PATCH'] as const);
      const sending = method === 'POST' || method === 'PATCH' ? { body: '{"part":9}' } : {};
      // Its own session may be ended by a path that means it; the attacker's cookie goes with reads alone.
      const head = own && method === 'GET' ? [ownCookie(attacker)] : [];
      return badRequest(
        'a path that leads elsewhere',
        bytesOf(attacker, { method, target: lot.oneOf(paths), head, ...sending }),
        {
          own,
        },
      );
    },
  },
  {
    weight: 2,
    make: (lot, attacker) =>
      badRequest(
        'a path of 3,000 to 60,000 bytes',
        bytesOf(attacker, { target: `/session/${'p'.repeat(lot.between(3_000, 60_000))}` }),
      ),
  },
  {
    weight: 4,
    make: (lot, attacker) =>
      badRequest(
        'the address of another site',
        bytesOf(attacker, {
          target: lot.oneOf([
            'http://other.example/session',
            'https://other.example:1/session',
            '*',
            'session',
            '@',
          ]),
        }),
        { ending: 'last' },
      ),
  },
  {
    weight: 4,
    make: (lot, attacker) =>
      badRequest(
        'bytes in a path',
        bytesOf(attacker, { target: `/session/${lot.bytes(lot.between(1, 40))}` }),
        { ending: 'last' },
      ),
  },
];
