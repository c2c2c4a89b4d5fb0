/** What the k6 module writes into a trial's folder: `engine.json` and `histograms.jsonl`. */
import { z } from 'zod';
import { addedLater } from './added-later.ts';
import { errors, operationName, operationNames, sumErrors, sumViolations, violations } from './common.ts';
import { pages } from './pages.ts';

const count = z.int().min(0);
const micros = z.number().min(0);

const engineOperation = z.strictObject({
  /** Requests put on the wire for this operation in the phase. */
  count,
  errors,
  violations,
});

const phaseTotals = z.strictObject({
  /** Length of the phase in seconds, from its first intended start to the last answer to an arrival (probes come later). */
  seconds: z.number().min(0),
  /** CPU time of the generator in the phase, microseconds, and its resident memory at the end, bytes. */
  usage: z.strictObject({ cpuMicros: micros, memoryBytes: z.number().min(0) }),
  requests: count,
  operations: z.partialRecord(operationName, engineOperation),
});

/**
 * Seconds since measuring began: from the last right answer before to the first one after. As long as 20 arrivals take, and
 * 0.1 s at least.
 */
const gap = z.strictObject({
  fromSeconds: z.number().min(0),
  /** Null where no right answer came until the end. */
  untilSeconds: z.number().min(0).nullable(),
});

const losses = z.strictObject({
  /** Sessions that were alive by all that the engine had been told, and were answered with 401. */
  sessions: count,
  /** Acknowledged writes that the latest answer of their session did not show; those of lost sessions are not among them. */
  writes: count,
});

const swept = z.strictObject({
  /** Sessions that the engine believed alive. */
  alive: count,
  /** Sessions that a logout or another login had ended, in all phases; the latest 5,000 of them are asked for. */
  ended: count,
});

export const engineResult = z.strictObject({
  schemaVersion: z.literal(1),
  engineVersion: z.string(),
  k6Version: z.string(),
  /** `interrupted`: ended by a signal before its time; what was measured until then is here. */
  status: z.enum(['running', 'finished', 'interrupted', 'failed']),
  failure: z.string().optional(),
  loop: z.enum(['open', 'closed']),
  /** Event loop used: `epoll` or `portable`. */
  engine: z.string(),
  seed: z.int(),
  /** Arrivals per second asked for; 0 in a closed loop. */
  offeredRate: z.number().min(0),
  connections: z.int().min(1),
  sessions: z.int().min(1),
  payloadBytes: z.int().min(0),
  /** ISO 8601 with milliseconds: when measuring began. Null while it has not. */
  measureStartedAt: z.string().nullable(),
  phases: z.strictObject({
    seed: phaseTotals,
    warmup: phaseTotals,
    measure: phaseTotals,
    /** After the barrier at the end of measuring: in no second and no pacing. Null where none was asked for, or reached. */
    sweep: addedLater(phaseTotals.nullable(), null),
  }),
  /** Of the measured phase. */
  pacing: z.strictObject({
    /** Operations whose intended start lay in the measured phase (probes not among them). */
    arrivals: count,
    /** Arrivals that got an answer, right or wrong; null in results of engines that did not count them. */
    answered: count.nullable().default(null),
    /** Arrivals that never became a request: 0 unless the run was interrupted. */
    dropped: count,
    /** Arrivals that found all connections busy. */
    waited: count,
    /** Time that those waited for a connection. */
    waitP99Micros: micros,
    waitMaxMicros: micros,
    /** How long the last arrival that was sent waited; 0 where it found a free connection, null as above. */
    lastWaitMicros: micros.nullable().default(null),
    /** The generator's own lateness: from intended start to sending, for arrivals that found a free connection. */
    lagP50Micros: micros,
    lagP99Micros: micros,
    lagMaxMicros: micros,
    /** Draws that met a session with an operation in flight and took another. */
    redraws: count,
    reconnects: count,
  }),
  /** Times of the measured phase in which no arrival got a right answer; null where nobody looked. */
  gaps: addedLater(z.array(gap).nullable(), null),
  /** What has been found missing since measuring began, the sweep included, each once; null where it was not counted. */
  losses: addedLater(losses.nullable(), null),
  /** What a sweep had to ask for; null without one. It asked for as many as its phase has reads and probes. */
  swept: addedLater(swept.nullable(), null),
  /** What became of the pages of the measured phase; null where none were sent, and while they are. */
  pages: addedLater(pages.nullable(), null),
});
export type EngineResult = z.infer<typeof engineResult>;

/** What engines without it say of all that younger ones count besides. */
export const notCountedBesides = { gaps: null, losses: null, swept: null, pages: null } as const;

/** Of a trial in which nothing was sent. */
export const noPacing: EngineResult['pacing'] = {
  arrivals: 0,
  answered: null,
  dropped: 0,
  waited: 0,
  waitP99Micros: 0,
  waitMaxMicros: 0,
  lastWaitMicros: null,
  lagP50Micros: 0,
  lagP99Micros: 0,
  lagMaxMicros: 0,
  redraws: 0,
  reconnects: 0,
};

/** Requests of the phases before the measured one, by operation. */
export function beforeMeasuring({ phases: { seed, warmup } }: EngineResult): PhaseOperations {
  const merged: PhaseOperations = {};
  for (const name of operationNames) {
    const parts = [seed, warmup].flatMap(({ operations }) => operations[name] ?? []);
    if (parts.length > 0) merged[name] = summed(parts);
  }
  return merged;
}

/** Operations up to the end of measuring, phase by phase: what is swept up comes after the counters were read. */
export const countedOperations = ({
  phases: { seed, warmup, measure },
}: Pick<EngineResult, 'phases'>): readonly PhaseOperations[] =>
  [seed, warmup, measure].map(({ operations }) => operations);

type PhaseOperations = EngineResult['phases']['seed']['operations'];
type EngineOperation = z.infer<typeof engineOperation>;

const summed = (parts: readonly EngineOperation[]): EngineOperation => ({
  count: parts.reduce((sum, each) => sum + each.count, 0),
  errors: sumErrors(parts.map((each) => each.errors)),
  violations: sumViolations(parts.map((each) => each.violations)),
});

/** One line of `histograms.jsonl`: one operation within one second of a phase. */
export const histogramLine = z.strictObject({
  phase: z.enum(['warmup', 'measure']),
  second: count,
  operation: operationName,
  count,
  errors: count,
  violations: count,
  /** The same errors by kind and violations by class; null in lines of engines that summed them up. */
  errorKinds: addedLater(errors.nullable(), null),
  violationClasses: addedLater(violations.nullable(), null),
  /** HDR histogram (V2, compressed, base64), 3 significant digits, microseconds from intended start to last byte, of right answers to arrivals and probes. */
  intended: z.string(),
  /** The same from first byte sent to last byte received. */
  service: z.string(),
});
export type HistogramLine = z.infer<typeof histogramLine>;
