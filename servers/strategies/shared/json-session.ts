/** The text of a session, the same for all strategies, so that none does less work than another. */
import type { SessionData, StoreContext } from '../../contract/store.ts';

/** Characters: far above any session of the app. What another program left there is not parsed, however large it is. */
export const LONGEST_TEXT = 2 ** 21;

/**
 * The text of a session. `JSON.stringify` writes NUL and lone surrogates as escapes, so that the text is valid
 * UTF-8 without NUL, whatever is in the session, and every kind of text column takes it.
 * @throws Error where it is too large
 */
export function encode(session: SessionData): string {
  const text = JSON.stringify(session);
  if (text.length <= LONGEST_TEXT) return text;
  throw new Error(`a session of ${text.length} characters is too large; the limit is ${LONGEST_TEXT}`);
}

function isSession(value: unknown): value is SessionData {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The session that a stored text holds. A text that something else than this app has written counts as no session: an
 * error would lock its owner out until it expires; a login replaces it.
 */
export function decode(text: string, log: StoreContext['log']): SessionData | null {
  try {
    const value: unknown = text.length <= LONGEST_TEXT ? JSON.parse(text) : null;
    if (isSession(value)) return value;
  } catch {
    // Reported below, together with JSON that is not a session.
  }
  warnMalformed(log, { bytes: text.length });
  return null;
}

/** @param size of what is stored, and nothing of its content */
export function warnMalformed(log: StoreContext['log'], size: Readonly<Record<string, number>>): void {
  log.warn(size, 'a stored session is malformed and counts as absent');
}
