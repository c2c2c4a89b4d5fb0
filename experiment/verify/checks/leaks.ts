/** What errors and logs tell. These come last: the store is dead afterwards. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Check, limit, unknown, verdict } from '../check.ts';
import type { Target } from '../target.ts';
import type { Answer, Visitor } from '../visitor.ts';

/** What no answer may tell: frames of a stack, paths, addresses, products. */
const inside: readonly (readonly [string, RegExp])[] = [
  ['a frame of a stack', /\n\s+at |\.(ts|js):\d+/],
  ['a path', /node_modules|\/(home|root|work|srv|usr|tmp|opt)\//],
  ['an address', /\b\d{1,3}(\.\d{1,3}){3}\b|ECONN/],
  ['a product', /redis|valkey|memcache|postgres|mysql|mariadb|ioredis|fastify/i],
];

export const errorHygiene: Check = async (target, signal) => {
  const wrong = (await mistakes(target)).flatMap(([what, answer]) => told(target, what, answer));
  const { killStore } = target.surface;
  if (killStore === null)
    return verdict(wrong, 'Answers to mistakes are plain problems. There is no store that could be killed.');
  const url = target.surface.balancer;
  const visitor = await target.signedIn(url);
  await killStore();
  const dead = await whileDead(target, visitor, signal);
  if (dead === null) return unknown('With every server of the store killed, sessions are still served.');
  for (const [what, answer] of dead) {
    const title = `${what} while the store is dead`;
    if (answer.status !== 503) wrong.push(`${title} is answered with ${answer.status} in place of 503.`);
    wrong.push(...told(target, title, answer));
  }
  return verdict(
    wrong,
    'Answers to mistakes, and to every operation while the store is dead, tell nothing of the inside.',
  );
};

type Asked = readonly (readonly [string, Answer])[];

async function mistakes(target: Target): Promise<Asked> {
  const visitor = target.visitor();
  return [
    ['A read without a session', await visitor.read()],
    ['A login without a user', await visitor.send('POST', {})],
    ['A login that is no JSON', await visitor.send('POST', '{"user":')],
    ['An unknown path', await visitor.send('GET', undefined, {}, '/nothing')],
    ['A path that cannot be decoded', await visitor.send('GET', undefined, {}, '/session%zz')],
    ['A cookie that is nobody’s', await target.withCookie(target.surface.balancer, 'x'.repeat(32)).read()],
  ];
}

const DEAD_WITHIN_MS = 10_000;

/** Every operation on each app past the balancer, which answers for apps that are not ready; null where all goes on as before. */
async function whileDead(target: Target, visitor: Visitor, signal: AbortSignal): Promise<Asked | null> {
  const asked: (readonly [string, Answer])[] = [];
  for (const url of target.surface.apps) {
    if (!(await isDead(visitor.at(url), signal))) return null;
    const where = `on ${target.nameOf(url)}`;
    asked.push(
      [`A read ${where}`, await visitor.at(url).read()],
      [`A write ${where}`, await visitor.at(url).write()],
      [`A logout ${where}`, await visitor.at(url).logout()],
      [`A login ${where}`, await target.visitor(url).login(target.newUser())],
      [`GET /ready ${where}`, await target.visitor(url).send('GET', undefined, {}, '/ready')],
    );
  }
  return asked;
}

async function isDead(visitor: Visitor, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + DEAD_WITHIN_MS;
  while (performance.now() < deadline) {
    if ((await visitor.read()).status !== 200) return true;
    await pause(100, undefined, { signal });
  }
  return false;
}

/** What an error tells that it should not, a sentence each. */
function told(
  target: Target,
  what: string,
  { text, headers, setCookies, status }: Answer,
): readonly string[] {
  // What cookies tell, other checks ask.
  const lines = [...headers].filter(([name]) => name !== 'set-cookie').map((pair) => pair.join(': '));
  const all = [text, ...lines].join('\n');
  const given = setCookies.some(({ name, value, attributes }) => {
    return name === target.cookieName && value !== '' && !attributes.includes('max-age=0');
  });
  return [
    ...(status < 400 ? [`${what} is answered with ${status}.`] : []),
    ...inside.flatMap(([name, pattern]) => (pattern.test(all) ? [`${what} is answered with ${name}.`] : [])),
    ...(headers.has('server') || headers.has('x-powered-by')
      ? [`${what} is answered with a name of the server.`]
      : []),
    ...(target.secrets.some((secret) => all.includes(secret)) ? [`${what} is answered with an id.`] : []),
    ...(given ? [`${what} is answered with a new session.`] : []),
  ];
}

export const idsInLogs: Check = async (target) => {
  const logs = await target.surface.logs();
  if (logs.size === 0) return unknown('No log could be read.');
  const { secrets, nonce } = target;
  if (secrets.length === 0)
    return limit('No client was given an id of 16 characters or more, and shorter ones are found by chance.');
  const wrong = [...logs].flatMap(([name, text]) => {
    const found = secrets.filter((secret) => text.includes(secret));
    return [
      ...(found.length > 0 ? [`${name} has ${found.length} of ${secrets.length} ids.`] : []),
      ...(text.includes(nonce) ? [`${name} has the name of a user, which only sessions hold.`] : []),
    ];
  });
  const lines = [...logs.values()].reduce((sum, text) => sum + text.split('\n').filter(Boolean).length, 0);
  return verdict(
    wrong,
    `${secrets.length} ids, and what sessions hold, in none of ${lines} lines of ${logs.size} logs.`,
  );
};
