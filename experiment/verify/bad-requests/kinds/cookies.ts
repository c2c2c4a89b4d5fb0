/** Cookies that were tampered with, are another's by half, invented, duplicated, malformed or too large. */
import { idOf } from '../../target.ts';
import { type Attacker, badRequest, bytesOf, cookieLine, type Kind } from '../bad-request.ts';
import type { Lot } from '../lot.ts';

const readingMostly = ['GET', 'GET', 'PATCH', 'DELETE', 'POST'] as const;

/** A read mostly; a write and a logout would do harm with a session that opens. */
function withCookies(lot: Lot, attacker: Attacker, ...lines: readonly string[]): string {
  const head = lines.map((line) => cookieLine(attacker, line));
  const method = lot.oneOf(readingMostly);
  const bodies = {
    GET: {},
    DELETE: {},
    PATCH: { body: '{"part":0}' },
    POST: { body: '{"user":1}' },
  } as const;
  return bytesOf(attacker, { method, head, ...bodies[method] });
}

/** @param invent the value of the session's cookie */
const nobody = (what: string, invent: (lot: Lot, attacker: Attacker) => string, weight = 10): Kind => ({
  weight,
  make(lot, attacker) {
    const value = invent(lot, attacker);
    return badRequest(what, withCookies(lot, attacker, `${attacker.cookieName}=${value}`));
  },
});

/** Changes the text of a cookie of somebody else, which must not open what it opened. */
const tampered = (what: string, change: (lot: Lot, text: string) => string): Kind =>
  nobody(what, (lot, { others }) => {
    const text = decodeURIComponent(lot.oneOf(others));
    const changed = change(lot, text);
    return encodeURIComponent(changed === text ? `${text}A` : changed);
  });

const turned = (text: string): string =>
  [...text].map((each) => (each === each.toLowerCase() ? each.toUpperCase() : each.toLowerCase())).join('');

const swapped = (text: string, at: number, character: string): string =>
  `${text.slice(0, at)}${character}${text.slice(at + 1)}`;

const halves = (text: string): readonly [id: string, signature: string] => {
  const end = text.lastIndexOf('.');
  return end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end)];
};

/** Two cookies of the session's name, of which one is the attacker's own. */
const doubled = (what: string, lines: (own: string, wrong: string) => readonly string[]): Kind => ({
  weight: 6,
  make(lot, attacker) {
    const own = `${attacker.cookieName}=${attacker.own}`;
    const wrong = `${attacker.cookieName}=${attacker.mark}${lot.letters(8)}.${lot.letters(43)}`;
    const head = lines(own, wrong).map((line) => cookieLine(attacker, line));
    return badRequest(what, bytesOf(attacker, { head }), { own: true });
  },
});

const escapes = ['%00', '%0d%0a', '%zz', '%', '%e0%80', '%c0%af', '%ff%fe', '%25', '%u0041'] as const;

const sayings = [
  "' OR 1=1 --",
  "'); DROP TABLE sessions; --",
  'x%0d%0aFLUSHALL%0d%0a',
  '*',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  'null',
  'undefined',
  'true',
  '0',
  '[object Object]',
  'j:{"user":"root"}',
  's:root.x',
  '$(id)',
  '{{7*7}}',
  '\\u0000',
  '"quoted"',
] as const;

export const cookies: readonly Kind[] = [
  tampered('a cookie with one character changed', (lot, text) =>
    swapped(text, lot.below(text.length), lot.letters(1)),
  ),
  tampered('a cookie with its case turned', (_lot, text) => turned(text)),
  tampered('a cookie cut short', (lot, text) => text.slice(0, lot.between(1, text.length - 1))),
  tampered('a cookie made longer', (lot, text) => text + lot.letters(lot.between(1, 40))),
  tampered('a cookie with its beginning cut off', (lot, text) => text.slice(lot.between(1, text.length - 1))),
  tampered('a cookie read backwards', (_lot, text) => [...text].reverse().join('')),
  tampered('a cookie without its signature', (_lot, text) => halves(text)[0]),
  tampered('a cookie with an invented signature', (lot, text) => `${halves(text)[0]}.${lot.letters(43)}`),
  tampered('a cookie with another id', (lot, text) => `${lot.letters(32)}${halves(text)[1]}`),
  tampered('a cookie with bytes put into it', (lot, text) => {
    const at = lot.below(text.length);
    return text.slice(0, at) + lot.bytes(2) + text.slice(at);
  }),
  nobody("a cookie with another one's signature", (lot, { own, others }) =>
    encodeURIComponent(`${idOf(lot.oneOf(others))}${halves(decodeURIComponent(own))[1]}`),
  ),
  nobody('an invented cookie', (lot, { mark }) => `${mark}${lot.letters(12)}.${lot.letters(43)}`, 20),
  nobody(
    'a broken escape',
    (lot, { mark }) => `${mark}${lot.letters(4)}${lot.oneOf(escapes)}${lot.letters(4)}`,
  ),
  nobody('a saying of attackers', (lot, { mark }) => `${lot.oneOf(sayings)}.${mark}`),
  nobody('bytes beyond ASCII', (lot) =>
    Array.from({ length: lot.between(1, 40) }, () => String.fromCharCode(lot.between(128, 255))).join(''),
  ),
  nobody('an empty cookie', () => ''),
  nobody('a cookie of 5,000 to 60,000 bytes', (lot) => 'a'.repeat(lot.between(5_000, 60_000)), 1),
  {
    weight: 3,
    make: (lot, attacker) =>
      badRequest(
        'a control character in a cookie',
        withCookies(
          lot,
          attacker,
          `${attacker.cookieName}=${attacker.mark}${String.fromCharCode(lot.oneOf([0, 1, 8, 11, 12, 27, 127]))}`,
        ),
        { ending: 'last' },
      ),
  },
  {
    weight: 4,
    make(lot, attacker) {
      const name = lot.oneOf([
        '__proto__',
        'constructor',
        `x${attacker.cookieName}`,
        '',
        ' ',
        '=',
        '$Version',
        lot.letters(3_000),
      ]);
      return badRequest('a cookie of another name', withCookies(lot, attacker, `${name}=${attacker.mark}`));
    },
  },
  {
    weight: 4,
    make: (lot, attacker) =>
      badRequest(
        'separators alone',
        withCookies(lot, attacker, lot.oneOf([';;;=;,;', '=', ';', ' ; ; ', '==;==', ',,,'])),
      ),
  },
  {
    weight: 2,
    make(lot, attacker) {
      const many = Array.from({ length: lot.between(50, 1_000) }, (_, i) => `c${i}=1`).join('; ');
      return badRequest('hundreds of cookies', withCookies(lot, attacker, many));
    },
  },
  doubled('the own cookie before a wrong one', (own, wrong) => [`${own}; ${wrong}`]),
  doubled('the own cookie behind a wrong one', (own, wrong) => [`${wrong}; ${own}`]),
  doubled('the own cookie and a wrong one in two headers', (own, wrong) => [own, wrong]),
  doubled('a wrong cookie and the own one in two headers', (own, wrong) => [wrong, own]),
];
