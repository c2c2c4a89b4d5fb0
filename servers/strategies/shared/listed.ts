import type { ListedSession, StoreContext } from '../../contract/store.ts';
import { decode } from './json-session.ts';

/** Sessions by the texts that a store keeps; those that are malformed are left out. */
export const listed = (
  texts: readonly (readonly [sid: string, text: string])[],
  log: StoreContext['log'],
): readonly ListedSession[] =>
  texts.flatMap(([sid, text]) => {
    const session = decode(text, log);
    return session === null ? [] : [{ sid, session }];
  });
