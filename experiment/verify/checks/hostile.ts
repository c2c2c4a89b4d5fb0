/** Cookies as attackers send them, to every app and through the balancer. */
import { type Check, verdict } from '../check.ts';
import { exchange } from '../exchange.ts';
import { idOf } from '../target.ts';
import { sessionIn } from '../visitor.ts';

/** Header lines, and whose session they may open: that of a user, or nobody's. */
interface Attempt {
  readonly what: string;
  readonly head: readonly string[];
  readonly mayOpen: readonly string[];
}

/** Someone whose session must stay as it is. */
interface Bystander {
  readonly user: string;
  readonly cookie: string;
}

export const hostileCookies: Check = async (target, signal) => {
  const wrong: string[] = [];
  let tried = 0;
  for (const url of target.places) {
    const [anna, ben] = [target.newUser(), target.newUser()];
    const visitors = { anna: await target.signedIn(url, anna), ben: await target.signedIn(url, ben) };
    const others = [...visitors.anna.cookies].filter(([name]) => name !== target.cookieName);
    const tie = others.map(([name, value]) => `${name}=${value}; `).join('');
    const attempts = attemptsOf(
      target.cookieName,
      tie,
      { user: anna, cookie: target.cookieOf(visitors.anna) },
      { user: ben, cookie: target.cookieOf(visitors.ben) },
    );
    for (const attempt of attempts)
      for (const method of ['GET', 'PATCH', 'DELETE'] as const) {
        // A duplicated cookie may well log its owner out; it is only read.
        if (attempt.mayOpen.length > 0 && method !== 'GET') continue;
        signal.throwIfAborted();
        tried += 1;
        const trouble = await troubleWith(url, method, attempt);
        if (trouble !== null)
          wrong.push(`${method} with ${attempt.what} on ${target.nameOf(url)} ${trouble}.`);
      }
    for (const [user, visitor] of [
      [anna, visitors.anna],
      [ben, visitors.ben],
    ] as const) {
      const seen = sessionIn((await visitor.read()).text);
      if (seen?.user !== user || seen.version !== 1)
        wrong.push(
          `After hostile cookies on ${target.nameOf(url)}, a session of another client is not as it was.`,
        );
    }
  }
  return verdict(wrong, `${tried} hostile requests opened no session that was not theirs, and met no 5xx.`);
};

/** Null where the server does what it should. */
async function troubleWith(url: string, method: string, { head, mayOpen }: Attempt): Promise<string | null> {
  const body = method === 'PATCH' ? { type: 'application/json', text: '{"part":0}' } : null;
  const answer = await exchange(url, method, head, body);
  // In place of an answer, a server may close the connection of a client that breaks HTTP.
  if (answer.kind === 'closed') return null;
  if (answer.status >= 500) return `is answered with ${answer.status}`;
  if (answer.status >= 400) return null;
  const seen = sessionIn(answer.text.slice(answer.text.indexOf('\r\n\r\n') + 4));
  if (seen !== null && mayOpen.includes(seen.user)) return null;
  return `is answered with ${answer.status}${seen ? ' and a session' : ''}`;
}

/** @param tie the balancer's own cookie, so that requests reach the app that knows the sessions */
function attemptsOf(name: string, tie: string, anna: Bystander, ben: Bystander): readonly Attempt[] {
  const nobody = (what: string, ...values: readonly string[]): Attempt => ({
    what,
    head: values.map((value) => `cookie: ${tie}${value}`),
    mayOpen: [],
  });
  const own = (what: string, ...lines: readonly string[]): Attempt => ({
    what,
    head: lines.map((line) => `cookie: ${tie}${line}`),
    mayOpen: [anna.user, ben.user],
  });
  const [a, b] = [`${name}=${anna.cookie}`, `${name}=${ben.cookie}`];
  const foreign = signatureOf(ben.cookie);
  return [
    ...tampered(anna.cookie).map(([what, value]) => nobody(what, `${name}=${value}`)),
    nobody(
      "a cookie with another one's signature",
      `${name}=${encodeURIComponent(idOf(anna.cookie))}${foreign}`,
    ),
    nobody('a cookie without its signature', `${name}=${encodeURIComponent(idOf(anna.cookie))}`),
    nobody('a cookie of another name', `x${name}=${anna.cookie}`),
    nobody('an empty cookie', `${name}=`),
    nobody('a cookie without a value', name),
    nobody('separators alone', ';;;=;,;'),
    nobody('a broken escape', `${name}=%zz%`),
    nobody('escaped control characters', `${name}=%00%0d%0aset-cookie:%20x=y`),
    nobody('bytes beyond ASCII', `${name}=\u00ff\u00fe\u0080`),
    nobody('a name of the prototype', `__proto__=x; constructor=y; ${name}=__proto__`),
    nobody('SQL', `${name}=' OR 1=1 --.x`),
    nobody('a command of Redis', `${name}=x%0d%0aFLUSHALL%0d%0a.y`),
    nobody('a JSON value', `${name}=j:{"user":"root"}`),
    nobody('a cookie of 12,000 bytes', `${name}=${'a'.repeat(12_000)}`),
    nobody('a cookie of 100,000 bytes', `${name}=${'a'.repeat(100_000)}`),
    nobody('a thousand cookies', Array.from({ length: 1000 }, (_, i) => `c${i}=1`).join('; ')),
    own('two cookies in one header', `${a}; ${b}`),
    own('two cookies in two headers', a, b),
    own('its cookie before a broken one', `${a}; ${name}=broken.x`),
    own('its cookie after a broken one', `${name}=broken.x; ${a}`),
  ];
}

/** Of a value as it stands in the header, with what separates it from the id; empty where there is none. */
function signatureOf(value: string): string {
  const decoded = decodeURIComponent(value);
  const end = decoded.lastIndexOf('.');
  return end <= 0 ? '' : encodeURIComponent(decoded.slice(end));
}

/** A value changed at its beginning, middle and end, cut, made longer, and with its letters' case turned. */
function tampered(value: string): readonly (readonly [string, string])[] {
  const changedAt = (at: number): string =>
    `${value.slice(0, at)}${value[at] === 'x' ? 'y' : 'x'}${value.slice(at + 1)}`;
  const turned = [...decodeURIComponent(value)]
    .map((each) => (each === each.toLowerCase() ? each.toUpperCase() : each.toLowerCase()))
    .join('');
  return [
    ['a cookie that differs in its first character', changedAt(0)],
    ['a cookie that differs in the middle of its id', changedAt(Math.floor(idOf(value).length / 2))],
    ['a cookie that differs in its last character but one', changedAt(value.length - 2)],
    ['a cookie cut short', value.slice(0, -1)],
    ['a cookie made longer', `${value}A`],
    ['a cookie in the other case', encodeURIComponent(turned)],
  ];
}
