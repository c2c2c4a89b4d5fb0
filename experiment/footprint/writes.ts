/** A few people log in, write and log out through the app: what that adds to the log of changes of the servers. */
import { messageOf } from '../../infra/machine/errors.ts';
import type { Deployment } from '../../infra/runtimes/runtime.ts';
import type { FootprintPoint } from '../../record/footprint.ts';
import { holdingOf } from './weigh.ts';

/** Enough that what a server logs of its own is little beside them. */
const PEOPLE = 200;
const AT_ONCE = 8;
const TIMEOUT_MS = 5_000;

/**
 * Bytes in the mean of each. The sessions end again.
 * @returns null where the servers keep no log, or do not tell of it
 * @throws Error when the app does not answer rightly
 */
export async function loggedPerWrite(
  deployment: Pick<Deployment, 'balancerUrl' | 'population'>,
  payloadBytes: number,
): Promise<FootprintPoint['logged']> {
  const before = (await holdingOf(deployment)).logBytes;
  if (before === null) return null;
  const url = `${deployment.balancerUrl}/session`;
  const cookies = await together(
    Array.from({ length: PEOPLE }, (_, number) => number),
    async (number) => {
      const answer = await sent(url, 'POST', 201, { user: `writer-${number}`, payloadBytes });
      return answer.headers.getSetCookie().map((line) => line.split(';', 1).join());
    },
  );
  const between = (await holdingOf(deployment)).logBytes;
  await together(cookies, (cookie) => sent(url, 'PATCH', 200, { part: 1 }, cookie));
  const after = (await holdingOf(deployment)).logBytes;
  await together(cookies, (cookie) => sent(url, 'DELETE', 204, null, cookie));
  if (between === null || after === null) return null;
  return { login: Math.max(0, between - before) / PEOPLE, write: Math.max(0, after - between) / PEOPLE };
}

async function sent(
  url: string,
  method: string,
  expected: number,
  body: object | null,
  cookies: readonly string[] = [],
): Promise<Response> {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(body !== null && { 'content-type': 'application/json' }),
      ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
    },
    body: body === null ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: Error) => {
    throw new Error(`a ${method} got no answer from the balancer: ${messageOf(cause.cause ?? cause)}`, {
      cause,
    });
  });
  await answer.arrayBuffer();
  if (answer.status !== expected)
    throw new Error(`a ${method} was answered with ${answer.status} and not with ${expected}`);
  return answer;
}

/** In the order of the items. */
async function together<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let first = 0; first < items.length; first += AT_ONCE)
    results.push(...(await Promise.all(items.slice(first, first + AT_ONCE).map(work))));
  return results;
}
