/**
 * How the engine sees that a server answers: a question to the server itself, asked inside its container with
 * what its official image holds.
 *
 * Asking goes on for as long as a container lives, and each question starts a process in it: a few per cent of a core
 * in the middle of every trial. So the first question that is answered leaves a mark, and the next one, seeing it,
 * sleeps: the container stays healthy, and nothing runs.
 */
import { readFileSync } from 'node:fs';

export interface HealthCheck {
  readonly test: readonly string[];
  readonly interval: string;
  readonly timeout: string;
  readonly start_period: string;
  readonly retries: number;
}

const MARK = '/tmp/healthy';
const SLEEP_SECONDS = 86_400;

/** Whether a process is an answered question, asleep. */
export function isHealthSleep(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === `sleep\0${SLEEP_SECONDS}\0`;
  } catch {
    return false;
  }
}

/** @param question of a shell in the container; see `ServiceKind.health` */
export function healthCheck(question: string): HealthCheck {
  return {
    test: ['CMD-SHELL', `[ -e ${MARK} ] && exec sleep ${SLEEP_SECONDS}; ${question} && : > ${MARK}`],
    interval: '250ms',
    timeout: `${SLEEP_SECONDS + 60}s`,
    start_period: '90s',
    retries: 3,
  };
}
