/** A store that answers later, so that the harness can test whether it notices a longer latency. */
import { writeFileSync } from 'node:fs';
import type { SessionStore } from '../contract/store.ts';

/** Goes on when so many microseconds have passed. */
type Wait = (micros: number, goOn: () => void) => void;

/** What the harness asks for between trials takes as long as ever. */
const undelayed: ReadonlySet<string | symbol> = new Set(['clear', 'length']);

/** Every call of a request waits before it goes to the store. */
export function slowStore(store: SessionStore, micros: number, wait: Wait = waiting()): SessionStore {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]): void => {
        const call = (): unknown => Reflect.apply(member, target, args);
        if (undelayed.has(name)) call();
        else wait(micros, () => answered(call, args));
      };
    },
  });
}

/** Who has waited has left the guard around the store: what the store throws is its answer. */
function answered(call: () => unknown, args: readonly unknown[]): void {
  try {
    call();
  } catch (error) {
    const done = args.at(-1);
    if (typeof done === 'function') done(error ?? new Error('it threw nothing'));
  }
}

/** From here on a timer of Node.js, which ticks in milliseconds, is exact enough. */
const LEAST_OF_TIMERS_MICROS = 2000;

/** Shorter waits hold up the app's one thread, as work would; none uses CPU time to speak of. */
function waiting(): Wait {
  const sleep = sleeper();
  return (micros, goOn) => {
    if (micros >= LEAST_OF_TIMERS_MICROS) return void setTimeout(goOn, micros / 1000);
    sleep(micros);
    goOn();
  };
}

/** A sleep that took longer, in milliseconds, has waited for its core: it says nothing of what a sleep costs. */
const LONGEST_USUAL_MS = 0.5;
/** Weight of a new sleep among all before it. */
const WEIGHT = 0.05;
/** The shortest sleep, in milliseconds. */
const SHORTEST_MS = 0.001;

/** What a sleep takes beyond what was asked for is learned and left out of the next. */
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
