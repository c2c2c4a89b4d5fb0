/** What was thrown, which may be anything, as an error or in words. */

export const asError = (cause: unknown): Error => (cause instanceof Error ? cause : new Error(String(cause)));

export const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** `ENOENT`, `EACCES`; null for errors without a code. */
export const codeOf = (cause: unknown): string | null =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : null;
