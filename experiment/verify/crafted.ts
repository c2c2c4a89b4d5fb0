/** Values that somebody who can write to the store could put in place of a session. */

export interface Crafted {
  /** For a sentence: `an empty value`. */
  readonly what: string;
  readonly bytes: Buffer;
  /** Whether it may be taken for a session: the app's own values are all there, beside what is crafted. */
  readonly isSession: boolean;
}

const DEPTH = 20_000;
const HUGE_BYTES = 4 * 2 ** 20;

/** As the app keeps it. */
const whole = () => ({
  user: 'crafted',
  version: 1,
  parts: Object.fromEntries(Array.from({ length: 8 }, (_, part) => [part, 'text'])),
  startedAt: Date.now(),
  writtenAt: Date.now(),
});

/** As a text, since an object literal would make `__proto__` the prototype. */
const withProto = (inside: string): string => `{"__proto__":${inside}}`;

/** An object's text with one more member, which may be of any name. */
const and = (object: object, member: string): string => `${JSON.stringify(object).slice(0, -1)},${member}}`;

const deepArray = '['.repeat(DEPTH) + ']'.repeat(DEPTH);
const deepObject = '{"a":'.repeat(DEPTH) + '1'.concat('}'.repeat(DEPTH));

/** Made anew at each call, since they have times in them. */
export function craftedValues(): readonly Crafted[] {
  const none = (what: string, value: string | Buffer): Crafted => ({
    what,
    bytes: Buffer.from(value),
    isSession: false,
  });
  const some = (what: string, value: string): Crafted => ({
    what,
    bytes: Buffer.from(value),
    isSession: true,
  });
  const session = whole();
  return [
    none('an empty value', ''),
    none('JSON that is cut short', '{"user":"craf'),
    none('null', 'null'),
    none('a number', '42'),
    none('a text', '"crafted"'),
    none('an array', '[{"user":"crafted"}]'),
    none('an empty object', '{}'),
    none('bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x80, 0xc0, 0xaf, 0x7d])),
    none('a NUL', 'a\u0000b'),
    none(`an array ${DEPTH} deep`, deepArray),
    none(`an object ${DEPTH} deep`, deepObject),
    none(`a session whose cookie is ${DEPTH} deep and nothing else`, `{"cookie":${deepObject}}`),
    none(
      `a session whose parts are ${DEPTH} deep`,
      and({ ...session, parts: undefined }, `"parts":${deepObject}`),
    ),
    none('a value of 4 MiB', JSON.stringify('x'.repeat(HUGE_BYTES))),
    none('a prototype with the values of a session', withProto(JSON.stringify(session))),
    none('a prototype within a prototype', withProto(withProto('{"user":"crafted"}'))),
    none('a constructor with a prototype', '{"constructor":{"prototype":{"user":"crafted"}}}'),
    none('an object for a user', JSON.stringify({ ...session, user: { $gt: '' } })),
    none('a user of a million characters', JSON.stringify({ ...session, user: 'u'.repeat(1e6) })),
    none('a text for a version', JSON.stringify({ ...session, version: '1' })),
    none('a version beyond all numbers', and({ ...session, version: undefined }, '"version":1e999')),
    none('an array for parts', JSON.stringify({ ...session, parts: ['text'] })),
    none('numbers for parts', JSON.stringify({ ...session, parts: { 0: 1 } })),
    none('a text for a time', JSON.stringify({ ...session, startedAt: 'now' })),
    some('a session with a prototype', and(session, '"__proto__":{"isAdmin":true,"user":"root"}')),
    some('a session with a prototype that is null', and(session, '"__proto__":null')),
    some(`a session whose cookie is ${DEPTH} deep`, and(session, `"cookie":${deepObject}`)),
    some(
      'a session with the names of methods',
      JSON.stringify({
        ...session,
        ...Object.fromEntries(
          'save destroy touch regenerate reload get set options isModified isSaved toJSON then sessionId encryptedSessionId'
            .split(' ')
            .map((name) => [name, 1]),
        ),
      }),
    ),
    some(
      'a session with a cookie of its own',
      JSON.stringify({
        ...session,
        cookie: {
          httpOnly: false,
          secure: 'auto',
          path: 5,
          domain: 'other.example',
          expires: 'never',
          maxAge: 'x',
        },
      }),
    ),
    some(
      'a session with a cookie that is over',
      JSON.stringify({ ...session, cookie: { expires: '1970-01-01T00:00:00.000Z', originalMaxAge: -1 } }),
    ),
  ];
}
