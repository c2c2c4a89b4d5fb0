/** What a dump of the store tells, and what the app makes of values that somebody has crafted there. */
import { storeKeyOf } from '../../../servers/contract/store-key.ts';
import { type Check, limit, unknown, verdict } from '../check.ts';
import { craftedValues as values } from '../crafted.ts';
import { idOf, type Target } from '../target.ts';
import { type Answer, sessionIn, Visitor } from '../visitor.ts';

const NO_SERVER =
  'There is no server whose contents could be read: sessions are in the memory of the apps, and whoever can read that memory has them.';
const SILENT = 'The servers of the store have no way to tell what they hold.';

const whyNoContents = ({ surface }: Target): string => (surface.tied ? NO_SERVER : SILENT);

/** A store is given names that the app makes of ids; one that is told of both must have something under neither in clear. */
const namesOf = (id: string): readonly string[] => [id, storeKeyOf(id)];

export const idsInStore: Check = async (target, signal) => {
  const { insides } = target.surface;
  // Also the question after which some servers begin to note what they can tell.
  if ((await insides.contents([])) === null) return limit(whyNoContents(target));
  const user = target.newUser();
  const fresh = await Promise.all(target.places.map((url) => target.signedIn(url, user)));
  const { secrets } = target;
  if (secrets.length === 0)
    return limit('No client was given an id of 16 characters or more, and shorter ones are found by chance.');
  const contents = (await insides.contents(secrets.flatMap(namesOf))) ?? [];
  if (!contents.some((text) => text.includes(user)))
    return unknown('A session that was just made is not in the dump of the store, so that it shows nothing.');
  const dump = contents.join('\n');
  const inClear = secrets.filter((id) => dump.includes(id));
  const coded = fresh.filter((each) =>
    codings(idOf(target.cookieOf(each))).some((text) => dump.includes(text)),
  );
  const { tried, opened } = await tokensThatOpen(target, dump, signal);
  return verdict(
    [
      ...(inClear.length > 0 ? [`The store has ${inClear.length} of ${secrets.length} ids in clear.`] : []),
      ...(coded.length > 0 ? [`The store has ids in hexadecimal or base64, which anybody can decode.`] : []),
      ...(opened > 0 ? [`${opened} of ${tried} texts in the store are cookies that open a session.`] : []),
    ],
    `${contents.length} keys and values of the store have none of ${secrets.length} ids, and none of ${tried} texts in them opens a session.`,
  );
};

/** Ways to write an id that hide nothing. */
function codings(id: string): readonly string[] {
  const bytes = Buffer.from(id);
  const hex = [bytes.toString('hex'), Buffer.from(id, 'base64url').toString('hex')];
  return [...hex, ...hex.map((text) => text.toUpperCase()), bytes.toString('base64').replaceAll('=', '')];
}

const AT_A_TIME = 20;
/** More texts than the sessions of all checks have. */
const MOST_TOKENS = 3000;

/** Whether what looks like a cookie is one. */
async function tokensThatOpen(
  { surface, cookieName }: Target,
  dump: string,
  signal: AbortSignal,
): Promise<{ readonly tried: number; readonly opened: number }> {
  const words = dump.split(/[^\w%.~+/=-]+/).filter(({ length }) => length >= 16 && length <= 512);
  const tokens = [...new Set(words)].slice(0, MOST_TOKENS);
  const [app = surface.balancer] = surface.apps;
  let opened = 0;
  for (let at = 0; at < tokens.length; at += AT_A_TIME) {
    signal.throwIfAborted();
    const answers = await Promise.all(
      tokens
        .slice(at, at + AT_A_TIME)
        .map((token) => new Visitor(app, () => {}, new Map([[cookieName, asCookie(token)]])).read()),
    );
    opened += answers.filter(({ status }) => status === 200).length;
  }
  return { tried: tokens.length, opened };
}

/** As it would stand in a header; one with a percent sign stands so already. */
const asCookie = (text: string): string => (text.includes('%') ? text : encodeURIComponent(text));

/** Each value meets one app, and what it could have poisoned is looked at after each. */
export const craftedValues: Check = async (target, signal) => {
  const { insides, apps } = target.surface;
  if ((await insides.contents([])) === null) return limit(whyNoContents(target));
  const { setCookies } = await target.visitor().login(target.newUser());
  const usual = setCookies.find(({ name }) => name === target.cookieName)?.attributes ?? [];
  const other = target.newUser();
  const bystanders = new Map<string, Visitor>();
  const wrong: string[] = [];
  const seen = { written: 0, refused: 0, missed: 0 };
  for (const [index, { what, bytes, isSession }] of values().entries()) {
    signal.throwIfAborted();
    const url = apps[index % apps.length] ?? target.surface.balancer;
    const visitor = await target.signedIn(url).catch(() => null);
    const bystander = bystanders.get(url) ?? (await target.signedIn(url, other).catch(() => null));
    if (visitor === null || bystander === null) {
      // An app that takes no login before anything was crafted is another check's matter.
      if (seen.written > 0) wrong.push(`After that, ${target.nameOf(url)} takes no login any more.`);
      break;
    }
    bystanders.set(url, bystander);
    const written = await insides.overwrite(namesOf(idOf(target.cookieOf(visitor))), bytes).catch(() => null);
    if (written === null) seen.refused += 1;
    else if (written === 0) seen.missed += 1;
    else {
      seen.written += 1;
      const where = `With ${what} in place of a session, ${target.nameOf(url)}`;
      for (const each of await troublesWith(target, visitor, url, { isSession, usual }))
        wrong.push(`${where} ${each}`);
      const after = sessionIn((await bystander.read().catch(noAnswer)).text);
      if (after?.user !== other || after.version !== 1) wrong.push(`${where} serves another client wrongly.`);
      if ((await target.visitor(url).read().catch(noAnswer)).status !== 401)
        wrong.push(`${where} no longer refuses a client without a session.`);
    }
  }
  if (seen.written === 0)
    return unknown('No value could be written to the store, so that nothing was asked.');
  return verdict(
    wrong,
    `${seen.written} crafted values in place of sessions were taken for no session or met no 5xx, and nobody else noticed${seen.refused > 0 ? `; the store refused ${seen.refused} more` : ''}.`,
  );
};

interface Expected {
  /** Whether the value may be served as a session. */
  readonly isSession: boolean;
  /** Attributes that the session's cookie has otherwise. */
  readonly usual: readonly string[];
}

async function troublesWith(
  target: Target,
  visitor: Visitor,
  url: string,
  { isSession, usual }: Expected,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const [what, ask, right] of [
    ['a read', (each: Visitor) => each.read(), isSession ? [200, 401] : [401]],
    ['a write', (each: Visitor) => each.write(), isSession ? [200, 401] : [401]],
    ['a logout', (each: Visitor) => each.logout(), isSession ? [204, 401] : [401]],
    ['a login', (each: Visitor) => each.login(target.newUser()), [201]],
  ] as const) {
    const answer = await ask(visitor.at(url)).catch(noAnswer);
    if (!right.some((status) => status === answer.status))
      wrong.push(`answers ${what} with ${answer.status === 0 ? 'nothing' : answer.status}.`);
    for (const { name, value, attributes } of answer.setCookies)
      if (name === target.cookieName && value !== '' && usual.some((each) => !attributes.includes(each)))
        wrong.push(`gives ${what} a cookie without attributes that others get.`);
  }
  return wrong;
}

/** The app has closed the connection, or is gone. */
const noAnswer = (): Answer => ({ status: 0, headers: new Headers(), setCookies: [], text: '' });
