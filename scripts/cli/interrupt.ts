/** Turns Ctrl-C, SIGTERM and SIGHUP into an orderly end; a second signal ends the process at once. */
import { exitCode } from './exit-codes.ts';

/** npm passes on a signal that the terminal has sent to this process already; within this time they count as one. */
const SAME_SIGNAL_MS = 700;

export interface Interruption {
  readonly signal: AbortSignal;
  /** Stops listening. */
  dispose(): void;
}

/** @param say gets a line that says what happens now, and how to end at once */
export function listenForInterrupt(say: (line: string) => void): Interruption {
  const controller = new AbortController();
  let first = 0;
  const onSignal = (name: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      first = performance.now();
      controller.abort(new Error(name));
      say(`${name}: stopping, and keeping what was measured. Once more ends it at once.`);
    } else if (performance.now() - first > SAME_SIGNAL_MS) {
      process.exit(exitCode.interrupted);
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    dispose() {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
