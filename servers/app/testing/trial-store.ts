/** A store in memory that a test can look into and make fail. Import it for `control`; the app opens it by its path. */
import type { OpenStoreFunction, SessionData } from '../../contract/store.ts';

type Operation = 'get' | 'set' | 'destroy' | 'touch' | 'clear' | 'length';

/** How an operation goes: as it should, with an error, with a thrown one, or never to an end. */
type Conduct = 'works' | 'fails' | 'fails with ENOENT' | 'throws' | 'hangs';

export const storePath = import.meta.filename;

export const control = {
  conduct: 'works' as Conduct,
  /** Operations that `conduct` is for; the others work. */
  affects: new Set<Operation>(),
  calls: { get: 0, set: 0, destroy: 0, touch: 0, clear: 0, length: 0 },
  texts: new Map<string, string>(),
  closed: 0,
  /** Happens between what a `get` found and its answer. */
  afterGet: (): void => {},
  /** Ends the operations that hang, as if their answers came now. */
  release: (): void => {
    for (const answer of waiting.splice(0)) answer();
  },
  reset(): void {
    control.release();
    control.conduct = 'works';
    control.affects = new Set(['get', 'set', 'destroy', 'touch']);
    control.calls = { get: 0, set: 0, destroy: 0, touch: 0, clear: 0, length: 0 };
    control.texts.clear();
    control.closed = 0;
    control.afterGet = () => {};
  },
};

const waiting: (() => void)[] = [];

function conduct<Result>(
  operation: Operation,
  work: () => Result,
  done: (error: unknown, result?: Result) => void,
): void {
  control.calls[operation] += 1;
  const answer = (): void => done(null, work());
  switch (control.affects.has(operation) ? control.conduct : 'works') {
    case 'works':
      return void setImmediate(answer);
    case 'fails':
      return void setImmediate(done, new Error('the trial store fails'));
    case 'fails with ENOENT':
      return void setImmediate(done, Object.assign(new Error('no such socket'), { code: 'ENOENT' }));
    case 'throws':
      throw new Error('the trial store throws');
    case 'hangs':
      waiting.push(answer);
  }
}

const open: OpenStoreFunction = async () => ({
  store: {
    get: (sid, done) =>
      conduct<SessionData | null>(
        'get',
        () => {
          const found = JSON.parse(control.texts.get(sid) ?? 'null');
          control.afterGet();
          return found;
        },
        done,
      ),
    set: (sid, session, done) =>
      conduct('set', () => void control.texts.set(sid, JSON.stringify(session)), done),
    destroy: (sid, done) => conduct('destroy', () => void control.texts.delete(sid), done),
    touch: (_sid, _session, done) => conduct('touch', () => {}, done),
    clear: (done) => conduct('clear', () => control.texts.clear(), done),
    length: (done) => conduct('length', () => control.texts.size, done),
  },
  ready: () =>
    new Promise((resolve, reject) => {
      if (control.conduct === 'works') resolve();
      else if (control.conduct === 'hangs') waiting.push(resolve);
      else reject(new Error('the trial store is away'));
    }),
  close: async () => {
    control.closed += 1;
  },
});
export default open;
