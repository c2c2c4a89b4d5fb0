/**
 * The names under which stores keep sessions and their users. A store is never given an id as the client has it, so that
 * neither a dump of the store nor a log of it is a set of logins (docs/decisions/0024-hashed-ids.md).
 */
import { hash } from 'node:crypto';

/** Of a session, by its id: SHA-256, 43 characters of base64url. An id has 192 random bits, so that no secret is needed. */
export const storeKeyOf = (sid: string): string => hash('sha256', sid, 'base64url');

/**
 * Of a user, by its name: of one length and in ASCII, whatever is in the name. As JSON, which keeps names apart that differ
 * in half a surrogate pair. It hides no name: names can be guessed.
 */
export const userKeyOf = (user: string): string => storeKeyOf(JSON.stringify(user));
