/** Writes store failures to the log, at most one line a second: an outage must not become a flood of lines. */
import type { StoreContext } from '../contract/store.ts';

const quietMs = 1000;

export function failureLog(log: StoreContext['log']): (failure: Error) => void {
  let lastAt = 0;
  let unsaid = 0;
  return (failure) => {
    const now = Date.now();
    if (now - lastAt < quietMs) {
      unsaid += 1;
      return;
    }
    log.warn({ reason: failure.message, unsaidSinceLastLine: unsaid }, 'store failed');
    lastAt = now;
    unsaid = 0;
  };
}
