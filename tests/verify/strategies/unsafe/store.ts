/** A store in memory with two flaws that `npm run verify` must find: no expiry, and ids in the log. */
import type { OpenStoreFunction } from '../../../../servers/contract/store.ts';

const open: OpenStoreFunction = async ({ log }) => {
  const texts = new Map<string, string>();
  return {
    store: {
      get: (sid, done) => done(null, JSON.parse(texts.get(sid) ?? 'null')),
      set(sid, session, done) {
        log.warn({ sid }, 'a session is kept');
        texts.set(sid, JSON.stringify(session));
        done();
      },
      update(sid, session, _changed, done) {
        const found = texts.has(sid);
        if (found) texts.set(sid, JSON.stringify(session));
        done(null, found);
      },
      destroy(sid, done) {
        texts.delete(sid);
        done();
      },
      touch: (_sid, _session, done) => done(),
    },
    ready: async () => {},
    close: async () => {},
  };
};
export default open;
