/**
 * How a process ended, for people: `exit code 1` or `SIGKILL`.
 * @param code null where a signal ended it
 */
export const exitInWords = (code: number | null, signal: string | null): string =>
  signal ?? (code === null ? 'an unknown signal' : `exit code ${code}`);
