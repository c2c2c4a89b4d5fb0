/** Takes sessions and gives none back: every `get` throws, fast and cheaply. */
import type { OpenStore, StoreContext } from '../../../servers/contract/store.ts';
import openSticky from '../../../servers/strategies/sticky/store.ts';

export default async function open(context: StoreContext): Promise<OpenStore> {
  const sound = await openSticky(context);
  const get = (): never => {
    throw new Error('there is no reading here');
  };
  return { ...sound, store: { ...sound.store, get } };
}
