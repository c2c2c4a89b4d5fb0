/** What the engine in k6 tells over its control channel. `barrier` waits for an answer, the others do not. */
import { z } from 'zod';

const count = z.number().min(0);

export const generatorEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('phase'),
    phase: z.enum(['seed', 'warmup', 'measure', 'drain', 'sweep', 'end']),
  }),
  z.object({ type: z.literal('barrier'), name: z.enum(['before-measure', 'after-measure']) }),
  z.object({
    type: z.literal('second'),
    phase: z.enum(['seed', 'warmup', 'measure', 'sweep']),
    /** Whole seconds since the phase began, from 0. */
    second: count,
    requests: count,
    errors: count,
    violations: count,
    /** From intended start, since the phase began, in microseconds; null where too many got no right answer. */
    p99Micros: count.nullable(),
  }),
]);
export type GeneratorEvent = Readonly<z.infer<typeof generatorEvent>>;
