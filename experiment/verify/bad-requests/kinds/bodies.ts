/** Bodies that are no JSON, of wrong types, deep, huge, or of another length than they say. */
import { type Attacker, badRequest, bytesOf, type Kind, ownCookie } from '../bad-request.ts';
import type { Lot } from '../lot.ts';

/** A login, or a write with the attacker's own session. */
function sent(what: string, lot: Lot, attacker: Attacker, body: string, type: readonly string[] = []) {
  const own = lot.chance(40);
  const method = own ? 'PATCH' : 'POST';
  const head = [...(own ? [ownCookie(attacker)] : []), ...type];
  return badRequest(what, bytesOf(attacker, { method, head, body }), { own });
}

const body = (what: string, weight: number, invent: (lot: Lot, attacker: Attacker) => string): Kind => ({
  weight,
  make: (lot, attacker) => sent(what, lot, attacker, invent(lot, attacker)),
});

/** JSON that is neither a user's name nor a size. */
const wrongValues = [
  'null',
  'true',
  '{}',
  '[]',
  '[1]',
  '{"a":1}',
  '""',
  '-1',
  '0.5',
  '1e400',
  '65537',
  '-0.1',
  '99999999999999999999',
] as const;

type Mixed = readonly [user: string, size: string];

/** Texts where one of the two must be a text, and a number where the other must be a number. */
const mixedUp: readonly [Mixed, ...Mixed[]] = [
  ['1', '64'],
  ['"a"', '"64"'],
  ['"a"', 'null'],
  ['["a"]', '64'],
  ['{"$ne":null}', '64'],
  ['"a"', '{"$gt":0}'],
  ['"a"', '1.5'],
  ['"a"', '-1'],
  ['"a"', '1e9'],
];

const unwanted = [
  '"__proto__":{"user":"root"}',
  '"constructor":{"prototype":{"user":"root"}}',
  '"admin":true',
  '"version":1',
  '"user":"a","user":7',
  '"payloadBytes":1,"payloadBytes":"x"',
  '"":1',
] as const;

const types = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/jsonx',
  'text/plain; application/json',
  'application/json, text/plain',
  '',
  ';',
  'application/json; charset=utf-7',
] as const;

export const bodies: readonly Kind[] = [
  body('JSON that ends too soon', 20, (lot, { mark }) => {
    const whole = `{"user":"${mark}${lot.letters(8)}","payloadBytes":64}`;
    return whole.slice(0, lot.between(1, whole.length - 1));
  }),
  body('bytes that are no JSON', 10, (lot) => `{"user":${lot.bytes(lot.between(1, 200))}`),
  body('wrong types', 20, (lot) => {
    const [user, size] = lot.oneOf(mixedUp);
    return `{"user":${user},"payloadBytes":${size}}`;
  }),
  body(
    'wrong values',
    10,
    (lot) => `{"user":${lot.oneOf(wrongValues)},"payloadBytes":${lot.oneOf(wrongValues)}}`,
  ),
  body(
    'a part that there is not',
    10,
    (lot) => `{"part":${lot.oneOf(['8', '-1', '0.5', '"0"', 'null', '[0]', '1e3'])}}`,
  ),
  body(
    'a field that is not wanted',
    10,
    (lot, { mark }) => `{"user":"${mark}","payloadBytes":64,${lot.oneOf(unwanted)}}`,
  ),
  body('no object', 6, (lot) => lot.oneOf(['null', '0', '"text"', '[]', 'true', '[[[]]]'])),
  body(
    'a name that is too long',
    2,
    (lot) => `{"user":"${'n'.repeat(lot.between(257, 5_000))}","payloadBytes":1}`,
  ),
  body('a deep body', 2, (lot) => {
    const depth = lot.between(1_000, 40_000);
    const [open, close] = lot.oneOf([
      ['[', ']'],
      ['{"a":', '}'],
    ] as const);
    return `${open.repeat(depth)}1${close.repeat(depth)}`;
  }),
  body('a deep body that never ends', 1, (lot) => '['.repeat(lot.between(1_000, 60_000))),
  body('a huge body', 1, (lot) => `{"user":"${'h'.repeat(lot.between(100_000, 400_000))}","payloadBytes":1}`),
  body('thousands of fields', 1, (lot) => {
    const fields = Array.from({ length: lot.between(500, 3_000) }, (_, i) => `"k${i}":${i}`);
    return `{${fields.join(',')}}`;
  }),
  body('an empty body', 4, () => ''),
  {
    weight: 12,
    make(lot, attacker) {
      const type = lot.oneOf(types);
      const text = `{"user":"${attacker.mark}","payloadBytes":64}`;
      // What says that it is JSON in an odd way may be read; as a login it would be a good one.
      const broken = type.startsWith('application/json') ? text.slice(0, -1) : text;
      return sent('another type of content', lot, attacker, broken, [`content-type: ${type}`]);
    },
  },
  {
    weight: 2,
    make: (lot, attacker) =>
      badRequest(
        'a length beyond what is taken',
        bytesOf(attacker, {
          method: 'POST',
          head: [
            'content-type: application/json',
            `content-length: ${lot.between(2_000_000, 2_000_000_000)}`,
          ],
        }),
        { ending: 'last' },
      ),
  },
  {
    weight: 2,
    make: (lot, attacker) =>
      badRequest(
        'a body shorter than its length',
        `${bytesOf(attacker, {
          method: 'POST',
          head: ['content-type: application/json', `content-length: ${lot.between(40, 4_000)}`],
        })}{"user":"`,
        { ending: 'cut' },
      ),
  },
  {
    weight: 2,
    make: (lot, attacker) =>
      badRequest(
        'lengths that are none',
        bytesOf(attacker, {
          method: 'POST',
          head: [
            'content-type: application/json',
            `content-length: ${lot.oneOf(['-1', 'x', '0x10', '1e2', '+5', '5, 6', '99999999999999999999999'])}`,
          ],
        }),
        { ending: 'last' },
      ),
  },
];
