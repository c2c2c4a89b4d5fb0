/** The sticky store with something wrong with it. */
import type {
  OpenStore,
  OpenStoreFunction,
  SessionData,
  SessionStore,
  StoreContext,
} from '../../../servers/contract/store.ts';
import openSticky from '../../../servers/strategies/sticky/store.ts';
import { FaultPlan, faultSettings } from './fault-plan.ts';

/** What a fault does to a sound store. */
export type Spoil = (store: SessionStore, plan: FaultPlan, context: StoreContext) => SessionStore;

export function openFaulty(spoil: Spoil): OpenStoreFunction {
  return async (context): Promise<OpenStore> => {
    const sound = await openSticky(context);
    const plan = new FaultPlan(faultSettings(), context.log);
    return { ...sound, store: spoil(watched(sound.store, plan), plan, context) };
  };
}

function watched(store: SessionStore, plan: FaultPlan): SessionStore {
  return {
    ...store,
    get(sid, callback) {
      plan.sawGet();
      store.get(sid, callback);
    },
    clear(callback) {
      plan.sawClear();
      store.clear?.(callback);
    },
  };
}

/** A store whose `get` answers with `wrong(sid, session)` for a session that is there. */
export function answering(
  store: SessionStore,
  wrong: (sid: string, session: SessionData) => SessionData | null,
): SessionStore {
  return {
    ...store,
    get: (sid, callback) =>
      store.get(sid, (error, session) => callback(error, session ? wrong(sid, session) : session)),
  };
}

/** Each session's data, as it was set last, and before that; forgotten when the session ends. */
export class History {
  readonly #texts = new Map<string, { readonly last: string; readonly before?: string }>();

  /** The same store, with what is written and ended kept. */
  of(store: SessionStore): SessionStore {
    const { update } = store;
    return {
      ...store,
      set: (sid, session, callback) => {
        this.#wrote(sid, session);
        store.set(sid, session, callback);
      },
      ...(update && {
        update: (sid, session, changed, callback) => {
          this.#wrote(sid, session);
          update.call(store, sid, session, changed, callback);
        },
      }),
      destroy: (sid, callback) => {
        this.#texts.delete(sid);
        store.destroy(sid, callback);
      },
      clear: (callback) => {
        this.#texts.clear();
        store.clear?.(callback);
      },
    };
  }

  #wrote(sid: string, session: SessionData): void {
    const before = this.#texts.get(sid)?.last;
    this.#texts.set(sid, { last: JSON.stringify(session), ...(before !== undefined && { before }) });
  }

  previous(sid: string): SessionData | null {
    return JSON.parse(this.#texts.get(sid)?.before ?? 'null');
  }

  /** Data of a live session for which `fits` holds, looked for among some. */
  another(fits: (session: SessionData) => boolean): SessionData | null {
    let looked = 0;
    for (const { last } of this.#texts.values()) {
      const session: SessionData = JSON.parse(last);
      if (fits(session)) return session;
      looked += 1;
      if (looked === 100) return null;
    }
    return null;
  }
}
