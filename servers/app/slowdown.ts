/** Useless work, so that the harness can test whether it notices a slower app. */
import type { FastifyInstance } from 'fastify';

/** The longest span between two looks at the clock that can be our own work, in milliseconds. */
const LONGEST_OWN_MS = 0.03;

/**
 * Looks at the clock until so much CPU time has been used, in microseconds: the sum of the spans between two looks,
 * except those so long that the process must have waited for its core. On some machines clocks of CPU time tick too
 * coarsely for this, and the cost of a fixed number of steps depends on the just-in-time compiler.
 */
function burnCpu(micros: number): void {
  let left = micros / 1000;
  let before = performance.now();
  while (left > 0) {
    const now = performance.now();
    if (now - before < LONGEST_OWN_MS) left -= now - before;
    before = now;
  }
}

/**
 * Burns CPU time before each request to the routes of `app` and the plugins inside it.
 * @param burn uses so many microseconds of CPU time
 */
export function slowDown(app: FastifyInstance, cpuMicrosPerRequest: number, burn = burnCpu): void {
  app.addHook('onRequest', (_request, _reply, done) => {
    burn(cpuMicrosPerRequest);
    done();
  });
}
