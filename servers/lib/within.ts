/** Waiting with a deadline. After the deadline the work goes on; its outcome is dropped. */

export class LateError extends Error {
  override readonly name = 'LateError';
}

/**
 * What `work` becomes.
 * @throws LateError when that takes longer than `ms` milliseconds
 */
export async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new LateError(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for `work`, but no longer than `ms` milliseconds. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  await within(ms, work).catch((error: unknown) => {
    if (!(error instanceof LateError)) throw error;
  });
}
