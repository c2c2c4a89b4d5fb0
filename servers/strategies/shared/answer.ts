/** Calls back with what a promise becomes; an error thrown by the callback itself is not taken for a failure. */
export function answer<Result>(
  promise: Promise<Result>,
  callback: (error: unknown, result?: Result) => void,
): void {
  promise.then(
    (result) => process.nextTick(callback, null, result),
    (error: unknown) => process.nextTick(callback, error),
  );
}
