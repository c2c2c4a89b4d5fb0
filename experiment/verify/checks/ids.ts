/** Where ids come from, and what a login makes of one that was there before. */
import { type Check, verdict } from '../check.ts';
import { randomnessOf, weaknesses } from '../entropy.ts';
import { idOf, type Target } from '../target.ts';
import { sessionIn, type Visitor } from '../visitor.ts';

/** Of each place. */
const SAMPLE = 100;
const AT_A_TIME = 10;

export const idEntropy: Check = async (target, signal) => {
  const ids: string[] = [];
  for (const url of target.places)
    for (let batch = 0; batch < SAMPLE; batch += AT_A_TIME) {
      signal.throwIfAborted();
      const visitors = await Promise.all(Array.from({ length: AT_A_TIME }, () => target.signedIn(url)));
      ids.push(...visitors.map((each) => idOf(target.cookieOf(each))));
    }
  const seen = randomnessOf(ids);
  return verdict(
    weaknesses(seen),
    `${seen.ids} ids of ${seen.shortest} characters, ${seen.alphabet} different ones: about ${Math.round(seen.bits)} bits, no repeat, ${seen.commonPrefix} characters in common at most.`,
  );
};

export const idRenewed: Check = async (target) => {
  const wrong: string[] = [];
  for (const url of target.places) {
    const visitor = await target.signedIn(url);
    const old = target.cookieOf(visitor);
    const again = target.surface.tied ? url : next(target.places, url);
    const other = target.newUser();
    const second = await login(visitor.at(again), other);
    if (second.status !== 201) throw new Error(`a second login is answered with ${second.status}`);
    const value = second.visitor.cookies.get(target.cookieName) ?? old;
    const where = `After a second login on ${target.nameOf(again)},`;
    if (idOf(value) === idOf(old)) wrong.push(`${where} the id is the old one.`);
    else wrong.push(...(await opens(target, visitor, url)).map((each) => `${where} the old id ${each}`));
    if (sessionIn((await second.visitor.read()).text)?.user !== other)
      wrong.push(`${where} the new id does not open the new session.`);
  }
  return verdict(wrong, 'Each second login gave a new id, and the old one is refused everywhere.');
};

async function login(
  visitor: Visitor,
  user: string,
): Promise<{ readonly status: number; readonly visitor: Visitor }> {
  const { status } = await visitor.login(user);
  return { status, visitor };
}

const next = (places: readonly string[], url: string): string =>
  places[(places.indexOf(url) + 1) % places.length] ?? url;

/** Where these cookies open a session, half a sentence each. @param home where the session was made */
async function opens(target: Target, visitor: Visitor, home: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const url of [home, ...target.places.filter((each) => each !== home)]) {
    const { status, text } = await visitor.at(url).read();
    if (status === 401) continue;
    found.push(
      `is answered with ${status}${sessionIn(text) ? ', and a session,' : ''} by ${target.nameOf(url)}.`,
    );
  }
  return found;
}

export const fixation: Check = async (target) => {
  const wrong: string[] = [];
  for (const url of target.places)
    for (const [what, chosen] of await chosenIds(target, url)) {
      const attacker = target.withCookie(url, chosen);
      const victim = target.withCookie(url, chosen);
      const user = target.newUser();
      const { status, setCookies } = await victim.login(user);
      const where = `A login on ${target.nameOf(url)} with ${what}`;
      if (status >= 500) wrong.push(`${where} is answered with ${status}.`);
      if (status !== 201) continue;
      const given = setCookies.find(({ name }) => name === target.cookieName);
      if (given === undefined || idOf(given.value) === idOf(chosen)) wrong.push(`${where} keeps that id.`);
      for (const place of target.places) {
        const seen = sessionIn((await attacker.at(place).read()).text);
        if (seen?.user === user)
          wrong.push(`${where}: that id opens the new session on ${target.nameOf(place)}.`);
      }
    }
  return verdict(wrong, 'Each login gave an id of its own, whatever was brought.');
};

/** Values of a cookie that an attacker could have put into a victim's browser. */
async function chosenIds(target: Target, url: string): Promise<readonly (readonly [string, string])[]> {
  const [loggedOut, alive] = [await target.signedIn(url), await target.signedIn(url)];
  const ended = target.cookieOf(loggedOut);
  await loggedOut.logout();
  const like = 'A'.repeat(idOf(ended).length);
  return [
    ['an invented id', like],
    ['an invented id and signature', `${like}.${'B'.repeat(43)}`],
    ['the id of a live session without its signature', idOf(target.cookieOf(alive))],
    ['the cookie of a session that was logged out', ended],
  ];
}
