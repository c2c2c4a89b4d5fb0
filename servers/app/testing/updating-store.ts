/** The trial store with `update`: what it was asked to write is in `updates`. */
import type { OpenStore, StoreContext, ValuePath } from '../../contract/store.ts';
import openTrial, { control } from './trial-store.ts';

export const updatingStorePath = import.meta.filename;

export const updates: { readonly changed: readonly ValuePath[] }[] = [];

export default async function open(context: StoreContext): Promise<OpenStore> {
  const trial = await openTrial(context);
  return {
    ...trial,
    store: {
      ...trial.store,
      update(sid, session, changed, done) {
        updates.push({ changed });
        if (!control.texts.has(sid)) return done(null, false);
        trial.store.set(sid, session, (error) => done(error, true));
      },
    },
  };
}
