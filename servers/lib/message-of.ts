/** Why something failed, in words. Anything can be thrown, not only errors. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
