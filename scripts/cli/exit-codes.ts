/**
 * How commands end. 64 and above follow sysexits.h (BSD), 130 is a shell's 128 + SIGINT.
 */
import type { GateOutcome } from '../../record/gate.ts';
import type { Outcome } from '../../reports/outcome.ts';

export const exitCode = {
  /** Everything asked for was done, and every answer was right. */
  ok: 0,
  /** Measured, and a strategy gave a wrong answer (a violation), or failed: too many requests got no right answer. */
  violations: 1,
  /** At least one strategy that was asked for has no valid trial, or no rate that keeps the promise it was searched under. */
  invalid: 2,
  /** The gate could neither show a regression nor exclude one. */
  inconclusive: 3,
  usage: 64,
  /** Nothing that was asked for can run here. */
  unavailable: 69,
  /** A fault of session-bench itself. */
  internal: 70,
  /** Results could not be written: the disk is full, say. */
  io: 74,
  /** Another run is measuring on this machine. */
  busy: 75,
  interrupted: 130,
} as const;

/** How the gate ends; `regression` and `invalid` as a bench with wrong answers and without a valid trial. */
export const gateCodeOf = {
  ok: exitCode.ok,
  regression: exitCode.violations,
  invalid: exitCode.invalid,
  inconclusive: exitCode.inconclusive,
} as const satisfies Readonly<Record<GateOutcome, number>>;

/** How a command that measured ends. */
export const codeOf: Readonly<Record<Outcome, number>> = {
  ok: exitCode.ok,
  violations: exitCode.violations,
  unanswered: exitCode.violations,
  invalid: exitCode.invalid,
  unavailable: exitCode.unavailable,
  failed: exitCode.internal,
  interrupted: exitCode.interrupted,
};
