/** The contract of stores has `clear` as an option. */
import type { OpenStore, StoreContext } from '../../../servers/contract/store.ts';
import openSticky from '../../../servers/strategies/sticky/store.ts';

export default async function open(context: StoreContext): Promise<OpenStore> {
  const sound = await openSticky(context);
  const { clear: _clear, ...store } = sound.store;
  return { ...sound, store };
}
