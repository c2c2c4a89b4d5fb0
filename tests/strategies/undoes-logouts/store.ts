/**
 * Writes a session back a moment after it was read, with nothing but `set`, as stores from npm do: a logout in between is
 * undone. Seen as `resurrected`, where a session has several requests at once.
 */
import type { OpenStore, StoreContext } from '../../../servers/contract/store.ts';
import openSticky from '../../../servers/strategies/sticky/store.ts';

/** Longer than the requests of a page are apart. */
const WRITE_MS = 20;

export default async function open(context: StoreContext): Promise<OpenStore> {
  const sound = await openSticky(context);
  const { update: _update, ...store } = sound.store;
  return {
    ...sound,
    store: {
      ...store,
      set: (sid, session, callback) => void setTimeout(() => store.set(sid, session, callback), WRITE_MS),
    },
  };
}
