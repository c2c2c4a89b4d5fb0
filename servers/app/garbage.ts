/** Collects garbage when the harness asks for it, so that memory is that of what is kept. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** V8's own, once `--expose-gc` is set. `last-resort` also gives back what the heap has grown by. */
type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

let collect: Collect | null = null;

/** @returns bytes that are kept */
export function collectGarbage(): number {
  collect ??= exposed();
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** In a context that is made after the flag was set; in others it is not there. */
function exposed(): Collect {
  setFlagsFromString('--expose-gc');
  // A context's globals have no types.
  return runInNewContext('gc') as Collect;
}
