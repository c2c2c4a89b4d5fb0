const EVERY_MS = 15_000;

/**
 * Does work that may take minutes, and says now and then for how long it has been going on.
 * @param title what is said of it: `Building k6`
 * @param work gets the time so far, for people: `42 s`
 */
export async function sayingElapsed<Result>(
  title: string,
  progress: (line: string) => void,
  work: (elapsed: () => string) => Promise<Result>,
): Promise<Result> {
  const began = performance.now();
  const elapsed = () => `${Math.round((performance.now() - began) / 1000)} s`;
  const ticker = setInterval(() => progress(`${title}: ${elapsed()} so far`), EVERY_MS);
  try {
    return await work(elapsed);
  } finally {
    clearInterval(ticker);
  }
}
