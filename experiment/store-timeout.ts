/** A store that has not answered by then has failed, and the app says 503. */
export const STORE_TIMEOUT_MS = 2000;
