/** How much memory is in use that no collection of garbage gives back. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Options = { readonly type: 'major'; readonly execution: 'sync'; readonly flavor: 'last-resort' };
type Collect = (options: Options) => void;

/** `last-resort` gives back to the system what the heap has grown by, too. */
const thorough: Options = { type: 'major', execution: 'sync', flavor: 'last-resort' };

let collect: Collect | null = null;

/** V8 gives its collector to contexts that are made when this flag is set; the app's own context does not get it. */
function collector(): Collect {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof gc !== 'function') throw new Error('this Node.js gives no access to its collector');
  return (options) => gc(options);
}

/** Collects garbage, and counts the heap and what lies beside it (buffers). Stops the app for as long as that takes. */
export function liveBytes(): number {
  collect ??= collector();
  collect(thorough);
  // Buffers of the first collection are given back on another thread, which the next one waits for.
  collect(thorough);
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
