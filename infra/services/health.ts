/**
 * Questions of a shell inside a server's container, by which an engine sees that the server answers. They use what the
 * official images hold. An exit code of 0 means: it answers.
 */

export interface HealthQuestion {
  /** The question to the port, as a command of any POSIX shell. */
  ask(port: number): string;
  /** What it uses besides the shell's own words: of each list an image must have one. */
  readonly programs: readonly Alternatives[];
}

/** Names of programs of which any will do. */
export type Alternatives = readonly [string, ...string[]];

/** Opens a connection: bash by itself, and other shells (that of Alpine, say) by nc. */
const connecting: Alternatives = ['bash', 'nc'];

/** By the shell's means, for images without any client. Both commands have the port in them. */
const byShell = (inBash: string, withNc: string): string =>
  `if command -v bash >/dev/null; then bash -c '${inBash}'; else ${withNc}; fi 2>/dev/null`;

/**
 * Sends something and judges the answer.
 * @param sent as `printf` takes it
 * @param judge a command that reads the answer; nothing in it is in single quotes
 */
export const answers = (sent: string, judge: string, programs: readonly Alternatives[]): HealthQuestion => ({
  ask: (port) =>
    byShell(
      `exec 3<>/dev/tcp/127.0.0.1/${port} && printf "${sent}" >&3 && ${judge} <&3`,
      `printf "${sent}" | nc -w 5 127.0.0.1 ${port} | ${judge}`,
    ),
  programs: [connecting, ...programs],
});

/** Something listens. */
export const listens: HealthQuestion = {
  ask: (port) =>
    byShell(`exec 3<>/dev/tcp/127.0.0.1/${port}`, `nc -w 5 127.0.0.1 ${port} </dev/null >/dev/null`),
  programs: [connecting],
};

/** A GET of the route is answered with 200. */
export const answersHttp = (route: string): HealthQuestion =>
  answers(
    String.raw`GET ${route} HTTP/1.0\r\n\r\n`,
    '{ read -r line; case $line in *" 200 "*) ;; *) false ;; esac; }',
    [],
  );
