/**
 * What the app is asked, as Node announces each request before the app gets it. The store contract does not tell a store
 * of requests, and needs not; faults that must be counted exactly have to know.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import { adminRoutes } from '../../../servers/contract/app.ts';

const current = new AsyncLocalStorage<string>();
let asked = false;

subscribe('http.server.request.start', (message) => {
  const request = typeof message === 'object' && message !== null && 'request' in message && message.request;
  if (!(request instanceof IncomingMessage)) return;
  if (request.url === adminRoutes.counters) asked = true;
  if (request.url === adminRoutes.clear) asked = false;
  // Announced in the turn in which the app gets the request, so that the note goes along with all it does for it.
  current.enterWith(request.method ?? '');
});

/**
 * The method of the request in hand: an old session given to a logout, say, would never be seen. Undefined outside
 * of a request.
 */
export function requestMethod(): string | undefined {
  return current.getStore();
}

/**
 * True once somebody has read the app's counters since the store was emptied, which the harness does first when measuring
 * begins.
 */
export function countersWereRead(): boolean {
  return asked;
}
