/** What the app keeps in a session, and what of it comes back from a store. */
import { maxPayloadBytes, type Parts, partCount } from './payload.ts';

export interface SignedIn {
  user: string;
  /** 1 after login, one more after each write. */
  version: number;
  parts: Parts;
  /** When the user logged in; milliseconds since 1970. */
  startedAt: number;
  /** When the session was last written; milliseconds since 1970. */
  writtenAt: number;
}

/** Characters of a user's name. */
export const longestUser = 256;

/**
 * The session that a store gave; null where it is none of this app. Whoever can write to the store may have put anything there,
 * and the plugin would make it the session: a `__proto__` its prototype, a `save` its method, a `cookie` the attributes of the
 * next cookie. So nothing is taken over but the app's own values, each of its type and within its bounds. Never throws.
 */
export function signedInFrom(found: unknown): SignedIn | null {
  if (typeof found !== 'object' || found === null) return null;
  const { user, version, parts, startedAt, writtenAt } = found as Readonly<Record<string, unknown>>;
  if (typeof user !== 'string' || user === '' || user.length > longestUser) return null;
  if (!isCount(version) || version < 1 || !isCount(startedAt) || !isCount(writtenAt)) return null;
  const own = partsFrom(parts);
  return own === null ? null : { user, version, parts: own, startedAt, writtenAt };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function partsFrom(found: unknown): Parts | null {
  if (typeof found !== 'object' || found === null) return null;
  const given = found as Readonly<Record<string, unknown>>;
  const parts: Parts = {};
  let bytes = 0;
  for (let part = 0; part < partCount; part += 1) {
    const text = given[part];
    if (typeof text !== 'string') return null;
    bytes += text.length;
    parts[part] = text;
  }
  return bytes > maxPayloadBytes ? null : parts;
}
