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

/** Opens a connection with the shell's own means, for images without any client: `fd 3` is connected. */
const bash = (port: number, script: string) =>
  `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port} && ${script}' 2>/dev/null`;

const http = (port: number, route: string) =>
  bash(
    port,
    String.raw`printf "GET ${route} HTTP/1.0\r\n\r\n" >&3 && read -r line <&3 && case $line in *" 200 "*) ;; *) false ;; esac`,
  );

type Question = (port: number) => string;

const questions: Readonly<Record<string, Question>> = {
  // Without the password, the answer is that one is needed: the server works.
  redis: (port) =>
    `$(command -v redis-cli || command -v valkey-cli) -h 127.0.0.1 -p ${port} ping 2>&1 | grep -qE "PONG|NOAUTH"`,
  postgres: (port) => `pg_isready -q -h 127.0.0.1 -p ${port}`,
  mysql: (port) =>
    `$(command -v mysqladmin || command -v mariadb-admin) --no-defaults -h 127.0.0.1 -P ${port} ping >/dev/null 2>&1`,
  // A question for the version in the binary protocol; the first byte of an answer is 0x81.
  memcached: (port) =>
    bash(
      port,
      String.raw`printf "\200\013\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" >&3 && head -c 1 <&3 | od -An -tx1 | grep -q 81`,
    ),
  haproxy: (port) => http(port, '/ready'),
  // Starting Node.js for the question would cost the app's core more than the app's own start.
  app: (port) => http(port, '/health'),
};

/** Any other kind: something listens. */
const listens: Question = (port) => bash(port, 'true');

export function healthCheck(kind: string, port: number): HealthCheck {
  const question = (questions[kind] ?? listens)(port);
  return checkOf(question);
}

function checkOf(question: string): HealthCheck {
  return {
    test: ['CMD-SHELL', `[ -e ${MARK} ] && exec sleep ${SLEEP_SECONDS}; ${question} && : > ${MARK}`],
    interval: '250ms',
    timeout: `${SLEEP_SECONDS + 60}s`,
    start_period: '90s',
    retries: 3,
  };
}
