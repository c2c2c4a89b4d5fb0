/**
 * The wrapper around every strategy's store that keeps ids from it: each session, and each user, goes to the store under the
 * name that servers/contract/store-key.ts makes of it. Sessions that a store lists have that name, too.
 */
import type { SessionStore, UserIndex } from '../contract/store.ts';
import { userIndexOf } from '../contract/store.ts';
import { storeKeyOf, userKeyOf } from '../contract/store-key.ts';

export function keyedStore(store: SessionStore): SessionStore {
  const { touch, update, clear, length } = store;
  const index = userIndexOf(store);
  return {
    get: (sid, done) => store.get(storeKeyOf(sid), done),
    set: (sid, session, done) => store.set(storeKeyOf(sid), session, done),
    destroy: (sid, done) => store.destroy(storeKeyOf(sid), done),
    ...(touch && {
      touch: (sid, session, done) => touch.call(store, storeKeyOf(sid), session, done),
    }),
    ...(update && {
      update: (sid, session, changed, done) => update.call(store, storeKeyOf(sid), session, changed, done),
    }),
    ...(index && keyedIndex(index)),
    ...(clear && { clear: (done) => clear.call(store, done) }),
    ...(length && { length: (done) => length.call(store, done) }),
  };
}

const keyedIndex = ({ listByUser, ...index }: UserIndex): UserIndex => ({
  setFor: (user, sid, session, done) => index.setFor(userKeyOf(user), storeKeyOf(sid), session, done),
  destroyFor: (user, sid, done) => index.destroyFor(userKeyOf(user), storeKeyOf(sid), done),
  destroyByUser: (user, except, done) =>
    index.destroyByUser(userKeyOf(user), except === null ? null : storeKeyOf(except), done),
  ...(listByUser && { listByUser: (user, done) => listByUser(userKeyOf(user), done) }),
});
