/** How much memory is in use that no collection of garbage gives back. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** V8 gives its collector to contexts that are made when this flag is set; the app's own context does not get it. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') throw new Error('this Node.js gives no access to its collector');
  return () => collect();
}

/** Collects garbage, and counts the heap and what lies beside it (buffers). Stops the app for as long as that takes. */
export function liveBytes(): number {
  collector()();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
