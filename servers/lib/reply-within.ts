type Reply<Result> = (error?: unknown, result?: Result) => void;

/**
 * A callback that `reply` hears of once: with the first answer, or with an error when none has come within `ms`
 * milliseconds. What comes later is dropped.
 */
export function replyWithin<Result>(ms: number, reply: Reply<Result>): Reply<Result> {
  let open = true;
  const settle: Reply<Result> = (error, result) => {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    reply(error, result);
  };
  const timer = setTimeout(() => settle(new Error(`no answer within ${ms} ms`)), ms);
  return settle;
}
