/** Many sessions by a store's own writes, so many under way at once. */
import type { BulkSession, SessionStore } from '../contract/store.ts';
import { inFlight } from './in-flight.ts';

/** @throws the first error of a write, when nothing is under way any more */
export const fillBySets = (
  store: Pick<SessionStore, 'set'>,
  sessions: readonly BulkSession[],
  most: number,
): Promise<void> =>
  inFlight(
    sessions,
    most,
    ({ key, session }) =>
      new Promise((resolve, reject) => {
        store.set(key, session, (error) => (error ? reject(error) : resolve()));
      }),
  );
