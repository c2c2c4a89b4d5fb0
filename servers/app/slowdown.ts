/** Work that serves nothing, so that the harness can test whether it would notice a slower app. */
import type { FastifyInstance } from 'fastify';

/** Steps of work, as a number that the compiler cannot know beforehand and so cannot leave out. */
let residue = 1;

function work(steps: number): void {
  let value = residue;
  for (let step = 0; step < steps; step += 1) value = (Math.imul(value, 1_664_525) + 1_013_904_223) | 0;
  residue = value;
}

const BATCHES = 60;
const BATCH_STEPS = 100_000;

/**
 * Steps that one microsecond of CPU time carries here. The fastest of many batches is one that nothing interrupted;
 * clocks of CPU time tick too coarsely on some machines.
 */
export function stepsPerMicrosecond(): number {
  let fastestMs = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const began = performance.now();
    work(BATCH_STEPS);
    fastestMs = Math.min(fastestMs, performance.now() - began);
  }
  return BATCH_STEPS / (fastestMs * 1000);
}

/**
 * Burns CPU time before each request to the routes of `app` and the plugins inside it.
 * @param burn does that many steps of work
 */
export function slowDown(app: FastifyInstance, cpuMicrosPerRequest: number, burn = work): void {
  const steps = Math.round(cpuMicrosPerRequest * stepsPerMicrosecond());
  app.addHook('onRequest', (_request, _reply, done) => {
    burn(steps);
    done();
  });
}
