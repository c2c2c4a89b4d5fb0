/**
 * A session as the fields of a hash. A field is named by the JSON Pointer (RFC 6901) of its value, `/user` or `/parts/3`, and
 * holds that value as JSON. Objects in the session are taken apart, objects in those are not. The field named by the
 * empty pointer holds a whole session; other fields go before what it says.
 */
import type { SessionData, ValuePath } from '../../contract/store.ts';
import { encode, LONGEST_TEXT } from '../shared/json-session.ts';

export type Fields = Readonly<Record<string, string>>;

const WHOLE = '';

/** Lua hands a script's arguments on over its stack, which has room for 8,000; more values than this are kept whole. */
const MOST_FIELDS = 1_000;

/** A name and a value in turns, as Redis takes them; never empty. @throws Error where the session is too large */
export function fieldsOf(session: SessionData): readonly string[] {
  const fields = Object.entries(session).flatMap(([key, value]) => {
    const inside = isPlain(value)
      ? Object.entries(value).flatMap(([inner, each]) => fieldOf([key, inner], each))
      : [];
    // An object with nothing in it is a value.
    return inside.length > 0 ? inside : fieldOf([key], value);
  });
  const some = fields.length > 0 && fields.length <= 2 * MOST_FIELDS;
  return some ? withinLimit(fields) : [WHOLE, encode(session)];
}

/** @throws Error where a value is not there, or is an object */
export function changedFields(session: SessionData, changed: readonly ValuePath[]): readonly string[] {
  return changed.flatMap((way) => {
    const value = way.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), session);
    const field = isPlain(value) || way.length > 2 ? [] : fieldOf(way, value);
    if (field.length === 0) throw new Error(`${way.join('.')} is no value that can be written by itself`);
    return field;
  });
}

/** @throws Error where the fields are those of no session, or are more or larger than a session's are */
export function sessionOf(given: Fields): SessionData {
  withinLimit(Object.values(given));
  const { [WHOLE]: whole, ...fields } = given;
  if (Object.keys(fields).length > MOST_FIELDS) throw new Error('these are too many fields');
  const session = new Map<string, unknown>(Object.entries(whole === undefined ? {} : objectIn(whole)));
  const inside = new Map<string, [string, unknown][]>();
  for (const [name, text] of Object.entries(fields)) {
    const [key, inner] = keysOf(name);
    const value: unknown = JSON.parse(text);
    if (inner === undefined) session.set(key, value);
    else inside.set(key, [...(inside.get(key) ?? []), [inner, value]]);
  }
  for (const [key, values] of inside) {
    const before = session.get(key);
    session.set(key, Object.fromEntries([...(isObject(before) ? Object.entries(before) : []), ...values]));
  }
  return Object.fromEntries(session);
}

function withinLimit(texts: readonly string[]): readonly string[] {
  const characters = texts.reduce((sum, { length }) => sum + length, 0);
  if (characters <= LONGEST_TEXT) return texts;
  throw new Error(`a session of ${characters} characters is too large; the limit is ${LONGEST_TEXT}`);
}

/** Empty for what JSON leaves out. */
function fieldOf(way: ValuePath, value: unknown): readonly string[] {
  const text: string | undefined = JSON.stringify(value);
  return text === undefined ? [] : [way.map((key) => `/${escaped(key)}`).join(''), text];
}

/** As in JSON, so that lone surrogates survive, and then as a pointer has it. */
const escaped = (key: string): string =>
  JSON.stringify(key).slice(1, -1).replaceAll('~', '~0').replaceAll('/', '~1');

const unescaped = (part: string): string =>
  String(JSON.parse(`"${part.replaceAll('~1', '/').replaceAll('~0', '~')}"`));

function keysOf(name: string): readonly [string, string?] {
  const [start, key, inner, ...others] = name.split('/');
  if (start !== '' || key === undefined || others.length > 0)
    throw new Error(`"${name}" is no name of a field`);
  return inner === undefined ? [unescaped(key)] : [unescaped(key), unescaped(inner)];
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error('it is no object');
  return value;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What has its own words for JSON, such as a date, is a value. */
const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isObject(value) &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value)) &&
  typeof value.toJSON !== 'function';
