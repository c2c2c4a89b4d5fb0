/** What cookies look like, and what they tell. */
import { type Check, limit, unknown, verdict } from '../check.ts';
import { exchange } from '../exchange.ts';
import { idOf, type Target } from '../target.ts';
import type { Answer, SetCookie, Visitor } from '../visitor.ts';

const LARGEST_PAYLOAD = 65_536;
const MOST_BYTES = 4_096;

/** Cookies of a login through the balancer, and all that was answered with them. */
async function freshCookies(
  target: Target,
  payloadBytes = 64,
): Promise<readonly [readonly SetCookie[], Answer]> {
  const answer = await target.visitor().login(target.newUser(), payloadBytes);
  if (answer.status !== 201) throw new Error(`a login is answered with ${answer.status}`);
  return [answer.setCookies, answer];
}

export const cookieAttributes: Check = async (target) => {
  const [cookies, login] = await freshCookies(target);
  const wrong = cookies.flatMap(({ name, attributes }) => [
    ...(attributes.includes('httponly') ? [] : [`Scripts may read the cookie ${name}: it is not HttpOnly.`]),
    ...(attributes.some((each) => each === 'samesite=lax' || each === 'samesite=strict')
      ? []
      : [`The cookie ${name} is neither SameSite=Lax nor SameSite=Strict.`]),
  ]);
  const visitor = await target.signedIn();
  const id = idOf(target.cookieOf(visitor));
  const later = [
    await visitor.read(),
    await visitor.write(),
    await visitor.at(target.surface.balancer).logout(),
  ];
  const told = later.some((each) => elsewhere(each, id)) || elsewhere(login, newIdIn(target, cookies));
  if (told) wrong.push('An answer has the id in its body or in another header than Set-Cookie.');
  return verdict(
    wrong,
    cookies.map(({ name, attributes }) => `${name}: ${attributes.join('; ')}.`).join(' '),
  );
};

const newIdIn = ({ cookieName }: Target, cookies: readonly SetCookie[]): string =>
  idOf(cookies.find(({ name }) => name === cookieName)?.value ?? '');

/** Whether an answer has the id anywhere but in Set-Cookie. */
const elsewhere = ({ text, headers }: Answer, id: string): boolean =>
  id !== '' &&
  (text.includes(id) || [...headers].some(([name, value]) => name !== 'set-cookie' && value.includes(id)));

export const cookieSecure: Check = async (target) => {
  const [cookies] = await freshCookies(target);
  const own = cookies.find(({ name }) => name === target.cookieName);
  if (own === undefined) return unknown('The login set no cookie of the session.');
  const is = { secure: own.attributes.includes('secure'), host: own.name.startsWith('__Host-') };
  if (is.secure && is.host) return verdict([], `${own.name} is Secure.`);
  if (!is.secure && !is.host)
    return limit(
      'This deployment speaks plain HTTP over loopback, so that its cookie is neither Secure nor __Host-. With session.tls the same app makes it `__Host-session` and Secure, which this command does not look at.',
    );
  return verdict(
    [`${own.name} is ${is.secure ? 'Secure and' : 'not Secure, but'} ${is.host ? '' : 'not '}__Host-.`],
    '',
  );
};

export const cookieSize: Check = async (target) => {
  const [cookies] = await freshCookies(target, LARGEST_PAYLOAD);
  const sizes = cookies.map(({ name, value }) => ({ name, bytes: name.length + value.length }));
  return verdict(
    sizes.flatMap(({ name, bytes }) =>
      bytes > MOST_BYTES ? [`The cookie ${name} has ${bytes} bytes.`] : [],
    ),
    `With ${LARGEST_PAYLOAD} bytes in the session: ${sizes.map(({ name, bytes }) => `${name} ${bytes} bytes`).join(', ')}.`,
  );
};

export const affinityCookie: Check = async (target) => {
  const visitor = target.visitor();
  const { setCookies } = await visitor.login(target.newUser());
  const others = setCookies.filter(({ name }) => name !== target.cookieName);
  if (others.length === 0) return limit('The balancer sets no cookie: clients are tied to no app.');
  const id = newIdIn(target, setCookies);
  const ports = [...target.places].map((url) => new URL(url).port);
  const wrong = others.flatMap(({ name, value }) => [
    ...(/\d+\.\d+\.\d+\.\d+/.test(value) || ports.some((port) => value.includes(port))
      ? [`The cookie ${name} tells an address: ${value}.`]
      : []),
    ...(value.includes(id) || id.includes(value) ? [`The cookie ${name} has a part of the id.`] : []),
  ]);
  wrong.push(...(await withForgedTie(target, visitor, others)));
  const values = others.map(({ name, value }) => `${name}=${value}`).join(', ');
  return verdict(
    wrong,
    `${values} tells which of the apps serves the client, and nothing else; invented ones open nothing.`,
  );
};

/** Values of the balancer's cookie that it did not give. */
const invented = ['', 'app99', '../app1', '127.0.0.1:1', 'x'.repeat(2_000), '%00', '__proto__'] as const;

/** What comes of a balancer's cookie that is invented or alone, a sentence for each that does harm. */
async function withForgedTie(
  target: Target,
  visitor: Visitor,
  ties: readonly SetCookie[],
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const session = `${target.cookieName}=${target.cookieOf(visitor)}`;
  for (const { name, value } of ties) {
    const alone = await exchange(target.surface.balancer, 'GET', [`cookie: ${name}=${value}`]);
    if (alone.kind === 'answer' && alone.status !== 401)
      wrong.push(`The cookie ${name} alone is answered with ${alone.status}.`);
    for (const each of invented) {
      const forged = await exchange(target.surface.balancer, 'GET', [`cookie: ${name}=${each}; ${session}`]);
      if (forged.kind === 'answer' && forged.status >= 500)
        wrong.push(`An invented cookie ${name} is answered with ${forged.status}.`);
    }
  }
  return wrong;
}
