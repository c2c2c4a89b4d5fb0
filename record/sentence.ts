/** Reasons are written to follow a colon, with or without a full stop: this gives them one. */
export const asSentenceEnd = (text: string): string =>
  /[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;

/** What happened, then what to do, in sentences. */
export const withRemedy = (message: string, remedy: string): string =>
  `${asSentenceEnd(message)} ${remedy}`.trimEnd();
