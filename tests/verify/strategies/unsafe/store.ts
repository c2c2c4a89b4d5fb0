/**
 * A store in memory without expiry, which `npm run verify` must find. It logs what it is given for an id, too: that names a
 * session, and is no login.
 */
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
