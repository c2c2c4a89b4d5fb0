/** What a page of another site can have a browser send without asking first. */
import { type Check, verdict } from '../check.ts';
import { exchange } from '../exchange.ts';
import { sessionIn } from '../visitor.ts';

const ORIGIN = 'https://other.example';

/**
 * Content types that need no preflight (Fetch standard, CORS-safelisted request-header), also where they look like JSON to who
 * reads them loosely.
 */
const simpleTypes = [
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'TEXT/PLAIN',
  'text/plain; application/json',
  'text/plain; charset=application/json',
  'application/x-www-form-urlencoded;application/json',
  'multipart/form-data; boundary=application/json',
];

export const crossSite: Check = async (target) => {
  const wrong: string[] = [];
  const user = target.newUser();
  const visitor = await target.signedIn(target.surface.balancer, user);
  const from = { origin: ORIGIN };
  for (const type of simpleTypes) {
    const login = await visitor
      .at(target.surface.balancer)
      .login('other', 64, { ...from, 'content-type': type });
    if (login.status < 400) wrong.push(`A login as ${type} is answered with ${login.status}.`);
  }
  // A body of no type at all, as a page sends a Blob.
  const untyped = await exchange(target.surface.balancer, 'POST', [`origin: ${ORIGIN}`], {
    type: null,
    text: '{"user":"other","payloadBytes":64}',
  });
  if (untyped.kind === 'answer' && untyped.status < 400)
    wrong.push(`A login without a type of content is answered with ${untyped.status}.`);
  for (const [path, headers] of [
    ['/session?_method=DELETE', {}],
    ['/session', { 'x-http-method-override': 'DELETE' }],
    ['/session', { 'x-method-override': 'DELETE' }],
    ['/session?method=DELETE', { 'x-http-method': 'DELETE' }],
  ] as const)
    await visitor.at(target.surface.balancer).send('GET', undefined, { ...from, ...headers }, path);
  const asked = await visitor.at(target.surface.balancer).send('OPTIONS', undefined, {
    ...from,
    'access-control-request-method': 'DELETE',
  });
  const read = await visitor.at(target.surface.balancer).send('GET', undefined, from);
  if (asked.headers.has('access-control-allow-origin') || read.headers.has('access-control-allow-origin'))
    wrong.push(`An answer lets ${ORIGIN} read it.`);
  const seen = sessionIn((await visitor.read()).text);
  if (seen?.user !== user || seen.version !== 1) wrong.push('A simple request has changed the session.');
  return verdict(
    wrong,
    'Forms and plain text are refused, a read changes nothing, and no other origin is allowed.',
  );
};
