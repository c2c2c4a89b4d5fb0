/** Writes store failures to the log, at most one line a second: an outage must not become a flood of lines. */
import type { StoreContext } from '../contract/store.ts';

const quietMs = 1000;

export function failureLog(log: StoreContext['log']): (failure: Error) => void {
  let lastAt = 0;
  let suppressed = 0;
  return (failure) => {
    const now = Date.now();
    if (now - lastAt < quietMs) {
      suppressed += 1;
      return;
    }
    log.warn({ reason: failure.message, suppressedSinceLastLine: suppressed }, 'store failed');
    lastAt = now;
    suppressed = 0;
  };
}
