/**
 * A store with a capacity that is known beforehand: one call after the other, 10 ms each. Two apps of it carry no more
 * than 200 calls in a second, whatever the machine, and hardly use the processor.
 */
import type { OpenStore, SessionStore, StoreContext } from '../../../servers/contract/store.ts';
import openSticky from '../../../servers/strategies/sticky/store.ts';

export default async function open(context: StoreContext): Promise<OpenStore> {
  const sound = await openSticky(context);
  return { ...sound, store: oneAtATime(sound.store) };
}

const CALL_MS = 10;

function oneAtATime(store: SessionStore): SessionStore {
  /** When the store has served all calls so far, on the clock of `performance.now()`. */
  let free = 0;
  const inTurn = (serve: () => void): void => {
    free = Math.max(free, performance.now()) + CALL_MS;
    setTimeout(serve, free - performance.now());
  };
  return {
    ...store,
    get: (sid, callback) => inTurn(() => store.get(sid, callback)),
    set: (sid, session, callback) => inTurn(() => store.set(sid, session, callback)),
    update: (sid, session, changed, callback) =>
      inTurn(() => store.update?.(sid, session, changed, callback)),
    destroy: (sid, callback) => inTurn(() => store.destroy(sid, callback)),
  };
}
