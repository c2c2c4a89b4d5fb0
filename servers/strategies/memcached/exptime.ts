/** A larger number is a point in time to Memcached (seconds since 1970), not a span. */
const longestSpan = 60 * 60 * 24 * 30;

/** `exptime` is an unsigned 32-bit number; this is in the year 2106. */
const lastSecond = 2 ** 32 - 1;

/**
 * The `exptime` that keeps a value for at least `ttlSeconds` (greater than 0) and less than 2 s longer.
 *
 * Memcached's clock ticks once a second: a span of n ends at the n-th tick, between n-1 and n seconds from now. So the
 * span is rounded up and one second longer. That also keeps it from becoming 0, which is "never" to Memcached.
 *
 * @see https://github.com/memcached/memcached/blob/master/doc/protocol.txt ("Expiration times")
 */
export function exptime(ttlSeconds: number, nowMs: number): number {
  const span = Math.ceil(ttlSeconds) + 1;
  if (span <= longestSpan) return span;
  return Math.min(lastSecond, Math.floor(nowMs / 1000) + span);
}
