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
  readonly retries: number;
}

const MARK = '/tmp/healthy';
const SLEEP_SECONDS = 86_400;
const INTERVAL_MS = 250;
/** A server that does not answer for so long will not; `docker compose up` waits somewhat longer. */
const PATIENCE_MS = 90_000;

/**
 * Whether this is the command line of a check that sleeps, as the kernel gives it. Images differ in what runs then: a
 * program `sleep`, one program for all (busybox), or a script that names its interpreter first (coreutils-single). All of
 * them end with the name and the seconds; the shell that has yet to become the sleep has its script as one argument.
 */
export const sleepsForHealth = (commandLine: string): boolean =>
  new RegExp(`(^|[\0/])sleep\0${SLEEP_SECONDS}\0*$`).test(commandLine);

/** Whether a process is a check that sleeps because an earlier one was answered. */
export function isHealthSleep(pid: number): boolean {
  try {
    return sleepsForHealth(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return false;
  }
}

/**
 * Patience is a number of questions and no `start_period`: engines from 25 on wait 5 s before each question of that
 * period, and older ones do not know `start_interval`, which would shorten it.
 * @param question of a shell in the container; see `ServiceKind.health`
 */
export function healthCheck(question: string): HealthCheck {
  return {
    test: ['CMD-SHELL', `[ -e ${MARK} ] && exec sleep ${SLEEP_SECONDS}; ${question} && : > ${MARK}`],
    interval: `${INTERVAL_MS}ms`,
    timeout: `${SLEEP_SECONDS + 60}s`,
    retries: PATIENCE_MS / INTERVAL_MS,
  };
}
