/** Bytes that sessions take in the store and in the apps, by their number and payload. */

import { type Foretold, reachOf, type Tested } from '../evidence/basis.ts';
import type { FootprintEvidence, LoadNumbers, StrategyEvidence } from '../evidence/evidence.ts';

export interface Memory {
  /** `fitted`: a line through what was weighed; `all`: all that the servers held, put down to the sessions: too much. */
  readonly of: 'fitted' | 'all';
  readonly store: Line;
  readonly app: Line;
  readonly run: string;
  /** Sessions, all servers together. */
  readonly tested: { readonly from: number; readonly to: number };
  /** The line that reaches to `tested.to`, where it carries beyond it. */
  readonly line: Foretold | null;
  /** App processes among which those sessions were spread, where they live in apps. */
  readonly apps: number;
  readonly payload: Tested;
  readonly assumed: readonly string[];
}

/** Of all servers together. */
export interface Line {
  readonly fixed: number;
  readonly perSession: number;
}

/** What was weighed first, then what was held under load; empty where nothing was measured. @param payloadBytes of a session */
export function memoriesOf({ footprint, load }: StrategyEvidence, payloadBytes: number): readonly Memory[] {
  const answered = load.kind === 'measured' && load.value.status === 'answered' ? load.value : null;
  const weighed = footprint.kind === 'measured' ? footprint.value : [];
  return [
    fromFootprints(weighed, payloadBytes, answered?.memoryBytes.store ?? 0),
    load.kind === 'measured' && answered !== null ? fromLoad(answered, payloadBytes, load.run) : null,
  ].filter((memory) => memory !== null);
}

/** Sessions to which there is a number. */
export const reachInSessions = (each: FootprintEvidence): number => each.testedTo * reachOf(foretoldBy(each));

/** @param resident bytes that the servers of the store had under load */
function fromFootprints(
  all: readonly FootprintEvidence[],
  payloadBytes: number,
  resident: number,
): Memory | null {
  const byPayload = all.toSorted((a, b) => a.payloadBytes - b.payloadBytes);
  const [least, most] = [byPayload[0], byPayload.at(-1)];
  // That bytes grow with sessions as a line does was seen to the most that were weighed, of whatever payload.
  const [largest] = all.toSorted((a, b) => reachInSessions(b) - reachInSessions(a));
  if (least === undefined || most === undefined || largest === undefined) return null;
  const inApps = least.keptIn === 'apps';
  const onDisk = least.keptIn === 'disk';
  const store = lineAt(byPayload, inApps ? null : payloadBytes, (each) => ({
    fixed: each.storeFixedBytes,
    perSession: each.storeBytesPerSession,
  }));
  return {
    of: 'fitted',
    // What was weighed is then the disk, and the server's processes come beside it.
    store: onDisk ? { ...store, fixed: Math.max(store.fixed, resident) } : store,
    app: lineAt(byPayload, inApps ? payloadBytes : null, (each) => ({
      fixed: each.appFixedBytes ?? 0,
      perSession: each.appBytesPerSession ?? 0,
    })),
    run: largest.run,
    tested: { from: Math.min(...byPayload.map(({ testedFrom }) => testedFrom)), to: largest.testedTo },
    line: foretoldBy(largest),
    apps: largest.apps,
    payload: { from: least.payloadBytes, to: most.payloadBytes, unit: 'bytes of payload' },
    assumed: [
      ...(byPayload.length > 1
        ? [
            'bytes grow with the number of sessions of every size as they did of the size that was weighed furthest',
          ]
        : []),
      ...(onDisk
        ? ['all that the store has on its disk is in its memory too, since that is how it was measured']
        : []),
      ...(byPayload.some(({ appBytesPerSession }) => appBytesPerSession === null)
        ? ['apps keep nothing of a session: it was too little to be weighed']
        : []),
    ],
  };
}

/** Largest number of sessions over the smallest: three decades. */
const widestSpan = 1000;
/** A fifth of a server's memory is left free: half of that may be the line's error. */
const largestError = 0.1;

/**
 * Null where the line carries no further than any number does. Sessions take what they take one by one (an item, a row, an
 * object), so that a line through three decades has met what comes with numbers: tables that double, trees that deepen.
 */
export function foretoldBy({
  testedFrom,
  testedTo,
  heldOutError: error,
  heldOutTimes: times,
}: Pick<FootprintEvidence, 'testedFrom' | 'testedTo' | 'heldOutError' | 'heldOutTimes'>): Foretold | null {
  if (error === null || times === null) return null;
  const carries = testedTo >= widestSpan * testedFrom && Math.abs(error) <= largestError;
  return carries ? { times, error } : null;
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
    tested: { from: 0, to: sessions },
    line: null,
    apps: load.apps,
    payload: { from: load.payloadBytes, to: load.payloadBytes, unit: 'bytes of payload' },
    assumed: [
      'all memory that was held is put down to the sessions, which is too much: --footprint weighs them',
    ],
  };
}
