/** Work that serves nothing, so that the harness can test whether it would notice a slower app. */
import type { FastifyInstance } from 'fastify';

/** Between two looks at the clock, in milliseconds, no more than this can have been our own work. */
const LONGEST_OWN_MS = 0.03;

/**
 * Looks at the clock until so much CPU time has been used, in microseconds: the sum of the spans between two looks,
 * without those so long that the process must have waited for its core. Clocks of CPU time tick too coarsely for this on
 * some machines, and what a fixed number of steps costs depends on what the just-in-time compiler made of them.
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
