/** Bytes that sessions take in the store and in the apps, by their number and payload. */

import type { Tested } from '../evidence/basis.ts';
import type { FootprintEvidence, LoadNumbers, StrategyEvidence } from '../evidence/evidence.ts';

export interface Memory {
  /** `fitted`: a line through what was weighed; `all`: all that the servers held, put down to the sessions: too much. */
  readonly of: 'fitted' | 'all';
  readonly store: Line;
  readonly app: Line;
  readonly run: string;
  /** Sessions, all servers together. */
  readonly tested: Tested;
  readonly payload: Tested;
}

/** Of all servers together. */
export interface Line {
  readonly fixed: number;
  readonly perSession: number;
}

/** Null where nothing of it was measured. @param payloadBytes of a session */
export function memoryOf(strategy: StrategyEvidence, payloadBytes: number): Memory | null {
  const { footprint, load } = strategy;
  if (footprint.kind === 'measured' && footprint.value.length > 0)
    return fromFootprints(footprint.value, payloadBytes, footprint.run);
  if (load.kind === 'measured' && load.value.status === 'answered')
    return fromLoad(load.value, payloadBytes, load.run);
  return null;
}

function fromFootprints(all: readonly FootprintEvidence[], payloadBytes: number, run: string): Memory | null {
  const byPayload = all.toSorted((a, b) => a.payloadBytes - b.payloadBytes);
  const [least, most] = [byPayload[0], byPayload.at(-1)];
  if (least === undefined || most === undefined) return null;
  const inApps = least.storeBytesPerSession === 0;
  return {
    of: 'fitted',
    store: lineAt(byPayload, inApps ? null : payloadBytes, ({ storeFixedBytes, storeBytesPerSession }) => ({
      fixed: storeFixedBytes,
      perSession: storeBytesPerSession,
    })),
    app: lineAt(byPayload, inApps ? payloadBytes : null, (each) => ({
      fixed: each.appFixedBytes,
      perSession: each.appBytesPerSession,
    })),
    run,
    // That bytes grow with sessions as a line does was seen to the most that were weighed, of whatever payload.
    tested: {
      from: Math.min(...byPayload.map(({ testedFrom }) => testedFrom)),
      to: Math.max(...byPayload.map(({ testedTo }) => testedTo)),
      unit: byPayload.length === 1 ? 'sessions' : 'sessions, of one payload at least',
    },
    payload: { from: least.payloadBytes, to: most.payloadBytes, unit: 'bytes of payload' },
  };
}

/**
 * Between two payloads that were measured, on the line through them; beyond them, on the line through the two nearest.
 * @param payloadBytes null where no session is kept, so that its size says nothing: then the most that was measured
 */
function lineAt(
  byPayload: readonly FootprintEvidence[],
  payloadBytes: number | null,
  of: (each: FootprintEvidence) => Line,
): Line {
  if (payloadBytes === null) return mostOf(byPayload.map(of));
  const above = byPayload.findIndex((each) => each.payloadBytes >= payloadBytes);
  const upper = above < 0 ? byPayload.length - 1 : Math.max(1, above);
  const [low, high] = [byPayload[upper - 1], byPayload[upper]];
  if (low === undefined || high === undefined || low.payloadBytes === high.payloadBytes) {
    const only = high ?? low ?? byPayload[0];
    return only === undefined
      ? { fixed: 0, perSession: payloadBytes }
      : moved(of(only), payloadBytes - only.payloadBytes);
  }
  const share = (payloadBytes - low.payloadBytes) / (high.payloadBytes - low.payloadBytes);
  const [from, to] = [of(low), of(high)];
  return {
    fixed: Math.max(0, Math.max(from.fixed, to.fixed)),
    perSession: Math.max(0, from.perSession + share * (to.perSession - from.perSession)),
  };
}

const mostOf = (lines: readonly Line[]): Line => ({
  fixed: Math.max(0, ...lines.map(({ fixed }) => fixed)),
  perSession: Math.max(0, ...lines.map(({ perSession }) => perSession)),
});

/** Of one payload alone: where sessions live, a byte more of payload is a byte more of memory. */
const moved = ({ fixed, perSession }: Line, bytes: number): Line => ({
  fixed: Math.max(0, fixed),
  perSession: Math.max(0, perSession + bytes),
});

/** All that the servers held, put down to the sessions: too much rather than too little. */
function fromLoad(load: LoadNumbers, payloadBytes: number, run: string): Memory | null {
  const { sessions, memoryBytes, cpuMicros } = load;
  const hasStore = cpuMicros.store !== null;
  const held = hasStore ? memoryBytes.store : memoryBytes.app;
  if (held === null) return null;
  const line = moved({ fixed: 0, perSession: held / sessions }, payloadBytes - load.payloadBytes);
  const none = { fixed: 0, perSession: 0 };
  return {
    of: 'all',
    store: hasStore ? line : none,
    app: hasStore ? none : line,
    run,
    tested: { from: 0, to: sessions, unit: 'sessions' },
    payload: { from: load.payloadBytes, to: load.payloadBytes, unit: 'bytes of payload' },
  };
}
