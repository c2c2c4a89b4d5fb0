/** What is no HTTP, or HTTP that two servers may read differently. */
import { type Attacker, badRequest, bytesOf, type Kind, ownCookie } from '../bad-request.ts';
import type { Lot } from '../lot.ts';

const last = (what: string, weight: number, text: (lot: Lot, attacker: Attacker) => string): Kind => ({
  weight,
  make: (lot, attacker) => badRequest(what, text(lot, attacker), { ending: 'last' }),
});

/** A request within the body of another: where two servers disagree about its end, the next client gets its answer. */
const hidden = ({ host }: Attacker): string => `GET /session HTTP/1.1\r\nhost: ${host}\r\nx-hidden: `;

const doubtfulLengths: readonly [readonly string[], ...(readonly string[])[]] = [
  ['transfer-encoding: chunked', 'content-length: 4'],
  ['content-length: 4', 'transfer-encoding: chunked'],
  ['transfer-encoding: xchunked'],
  ['transfer-encoding: chunked', 'transfer-encoding: identity'],
  ['transfer-encoding: identity, chunked', 'content-length: 4'],
  ['transfer-encoding : chunked'],
  ['transfer-encoding:\tchunked', 'content-length: 4'],
  ['transfer-encoding: "chunked"', 'content-length: 4'],
  ['x: y\n transfer-encoding: chunked'],
  ['content-length: 4', 'content-length: 5'],
  ['content-length: 4', 'content-length: 4'],
  ['transfer-encoding: chunked, chunked'],
];

const brokenChunks = [
  'zz\r\nabc\r\n0\r\n\r\n',
  'ffffffffffffffff1\r\nabc\r\n0\r\n\r\n',
  '-3\r\nabc\r\n0\r\n\r\n',
  '3\r\nabcdef\r\n0\r\n\r\n',
  '3;\x00\r\nabc\r\n0\r\n\r\n',
  '0\r\nx y\r\n\r\n',
  '3\nabc\n0\n\n',
] as const;

const firstLines = [
  'GET /session\r\n\r\n',
  'GET\r\n\r\n',
  'GET  /session  HTTP/1.1\r\n\r\n',
  'GET /session HTTP/1.1 x\r\n\r\n',
  'GET /session HTTP/9.9\r\n\r\n',
  'GET /session HTTP/3\r\n\r\n',
  'GET /session HTTQ/1.1\r\n\r\n',
  'GET /ses sion HTTP/1.1\r\n\r\n',
  '/session GET HTTP/1.1\r\n\r\n',
  'GET\t/session\tHTTP/1.1\r\n\r\n',
  'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
] as const;

const strangeHeads = [
  'no colon here',
  ': no name',
  'a b: c',
  'x\x00y: z',
  'x: \x00',
  'x: y\rz: a',
  ' folded: at the beginning',
  'x: y\r\n folded',
  '\xff\xfe: x',
  'host: other.example',
  'expect: 200-nothing',
  'upgrade: h2c\r\nconnection: upgrade, http2-settings\r\nhttp2-settings: x',
  'upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: x\r\nsec-websocket-version: 13',
  'connection: close, keep-alive, cookie',
  'te: trailers\r\ntrailer: cookie',
] as const;

const otherProtocols = [
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'SSH-2.0-OpenSSH_9.2\r\n',
  '*1\r\n$4\r\nPING\r\n',
  '\x80\x0b\x00\x00\x00\x00\x00\x00',
  'EHLO other.example\r\n',
] as const;

export const httpKinds: readonly Kind[] = [
  last('a first line that is none', 4, (lot) => lot.oneOf(firstLines)),
  last('HTTP/1.0 without a host', 2, () => 'GET /session HTTP/1.0\r\n\r\n'),
  last('no host', 2, () => 'GET /session HTTP/1.1\r\n\r\n'),
  last('a strange header', 6, (lot, attacker) => bytesOf(attacker, { head: [lot.oneOf(strangeHeads)] })),
  last('lines that end in a line feed alone', 2, (_lot, attacker) =>
    bytesOf(attacker, { head: ['accept: */*'] }).replaceAll('\r\n', '\n'),
  ),
  last('a request within a body', 4, (lot, attacker) => {
    const head = ['content-type: application/json', ...lot.oneOf(doubtfulLengths)];
    return `${bytesOf(attacker, { method: 'POST', head })}0\r\n\r\n${hidden(attacker)}`;
  }),
  last('broken chunks', 3, (lot, attacker) => {
    const head = ['content-type: application/json', 'transfer-encoding: chunked'];
    return bytesOf(attacker, { method: 'POST', head }) + lot.oneOf(brokenChunks);
  }),
  last('too many headers', 1, (lot, attacker) =>
    bytesOf(attacker, { head: Array.from({ length: lot.between(120, 3_000) }, (_, i) => `x-${i}: y`) }),
  ),
  last('a header of 10,000 to 100,000 bytes', 1, (lot, attacker) =>
    bytesOf(attacker, { head: [`x: ${'v'.repeat(lot.between(10_000, 100_000))}`] }),
  ),
  {
    weight: 2,
    make: (lot, attacker) =>
      badRequest('another protocol', lot.oneOf([...otherProtocols, `${attacker.mark}${lot.bytes(60)}`]), {
        ending: 'cut',
      }),
  },
  {
    weight: 1,
    make: (lot) => badRequest('empty lines', '\r\n'.repeat(lot.between(1, 500)), { ending: 'cut' }),
  },
  {
    weight: 4,
    make(lot, attacker) {
      const whole = bytesOf(attacker, {
        method: 'POST',
        head: [ownCookie(attacker)],
        body: '{"user":7,"payloadBytes":64}',
      });
      return badRequest('a request that is half sent', whole.slice(0, lot.between(1, whole.length - 1)), {
        own: true,
        ending: 'cut',
      });
    },
  },
];

/** Each is sent in pieces while all others are served. */
export const slowRequest = (lot: Lot, attacker: Attacker) => {
  const own = lot.chance(50);
  const head = own ? [ownCookie(attacker)] : [`cookie: ${attacker.cookieName}=${attacker.mark}`];
  const text = lot.chance(50)
    ? bytesOf(attacker, { head })
    : bytesOf(attacker, { method: 'PATCH', head, body: '{"part":"slow"}' });
  return badRequest('a request that is sent slowly', text, { ending: 'slow', own });
};
