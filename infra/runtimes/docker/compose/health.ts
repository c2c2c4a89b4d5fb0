/**
 * The health check of a container: it asks the question of the server's kind.
 *
 * An engine repeats the check for as long as a container lives, and each one starts a process in it: a few per cent of a
 * core in the middle of every trial. So the first check that is answered leaves a mark, and the next one, which sees the
 * mark, sleeps. The container stays healthy, and nothing runs.
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

/** Whether a process is a check that sleeps because an earlier one was answered. */
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
