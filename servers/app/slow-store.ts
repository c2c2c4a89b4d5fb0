/** A store that answers later, so that the harness can test whether it notices a longer latency. */
import { writeFileSync } from 'node:fs';
import type { SessionStore } from '../contract/store.ts';

/** What the harness asks for between trials takes as long as ever. */
const undelayed: ReadonlySet<string | symbol> = new Set(['clear', 'length']);

/**
 * Every call of a request waits before it goes to the store.
 * @param wait lets so many microseconds pass
 */
export function slowStore(store: SessionStore, micros: number, wait = sleeper()): SessionStore {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]): unknown => {
        if (!undelayed.has(name)) wait(micros);
        return Reflect.apply(member, target, args);
      };
    },
  });
}

/** A sleep that took longer, in milliseconds, has waited for its core: it says nothing of what a sleep costs. */
const LONGEST_USUAL_MS = 0.5;
/** Weight of a new sleep among all before it. */
const WEIGHT = 0.05;
/** The shortest sleep, in milliseconds. */
const SHORTEST_MS = 0.001;

/**
 * Sleeps in the one thread of the app, and uses hardly any CPU time: timers of Node.js tick in milliseconds, and a store's
 * latency is less than one. What a sleep takes beyond what was asked for is learned and left out of the next.
 */
function sleeper(): (micros: number) => void {
  withoutTimerSlack();
  const cell = new Int32Array(new SharedArrayBuffer(4));
  let beyond = 0;
  return (micros) => {
    const asked = Math.max(SHORTEST_MS, micros / 1000 - beyond);
    const began = performance.now();
    Atomics.wait(cell, 0, 0, asked);
    const took = performance.now() - began;
    if (took < asked + LONGEST_USUAL_MS) beyond += WEIGHT * (took - asked - beyond);
  };
}

/** Linux lets sleeps of a usual process end 50 µs late. */
function withoutTimerSlack(): void {
  try {
    writeFileSync('/proc/self/timerslack_ns', '1000');
  } catch {
    // Sleeps are longer then than they should be, where the delay is shorter than the slack.
  }
}
