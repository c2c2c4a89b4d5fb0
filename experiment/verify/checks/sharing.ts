/** Whether a session is its user's alone, and one, whichever app serves it. */
import { type Check, limit, unknown, verdict } from '../check.ts';
import type { Target } from '../target.ts';
import { sessionIn } from '../visitor.ts';

export const everyApp: Check = async (target) => {
  if (target.surface.tied)
    return limit(
      'Sessions live in the app that made them, and the balancer ties each client to it: when that app ends, its sessions end.',
    );
  const wrong: string[] = [];
  for (const home of target.surface.apps) {
    const user = target.newUser();
    const visitor = await target.signedIn(home, user);
    let version = 1;
    for (const url of target.surface.apps) {
      const seen = sessionIn((await visitor.at(url).read()).text);
      const where = `A session of ${target.nameOf(home)}`;
      if (seen === null) wrong.push(`${where} is not known to ${target.nameOf(url)}.`);
      else if (seen.user !== user) wrong.push(`${where} is somebody else's on ${target.nameOf(url)}.`);
      else if (seen.version !== version) wrong.push(`${where} is an older one on ${target.nameOf(url)}.`);
      if ((await visitor.at(url).write()).status === 200) version += 1;
    }
  }
  wrong.push(...(await readAtOnce(target)));
  return verdict(wrong, 'Every app serves the sessions of the others, with their last writes, at once.');
};

/** Logins and writes that another app is asked for in the next moment. */
const AT_ONCE = 20;

/** A store that answers before it has written shows in what is read elsewhere at once; a sentence for each kind of it. */
async function readAtOnce(target: Target): Promise<readonly string[]> {
  const { apps } = target.surface;
  const late = { logins: 0, writes: 0 };
  for (let turn = 0; turn < AT_ONCE; turn += 1) {
    const [home = '', other = home] = [apps[turn % apps.length], apps[(turn + 1) % apps.length]];
    const visitor = await target.signedIn(home);
    if (sessionIn((await visitor.at(other).read()).text)?.version !== 1) late.logins += 1;
    await visitor.write();
    if (sessionIn((await visitor.at(other).read()).text)?.version !== 2) late.writes += 1;
  }
  return Object.entries(late)
    .filter(([, count]) => count > 0)
    .map(
      ([what, count]) =>
        `${count} of ${AT_ONCE} ${what} were answered and not there yet when another app was asked.`,
    );
}

const USERS = 8;
const ROUNDS = 3;

/** A session that is not served at all is another check's matter. */
export const ownSession: Check = async (target) => {
  const wrong: string[] = [];
  let served = 0;
  for (const url of target.places) {
    const users = Array.from({ length: USERS }, () => target.newUser());
    const visitors = await Promise.all(users.map((user) => target.signedIn(url, user)));
    for (let round = 0; round < ROUNDS; round += 1) {
      const answers = await Promise.all(visitors.map((each) => each.read()));
      const seen = answers.map(({ text }) => sessionIn(text)?.user);
      served += seen.filter((user) => user !== undefined).length;
      const crossed = seen.filter((user, i) => user !== undefined && user !== users[i]).length;
      if (crossed > 0)
        wrong.push(`${target.nameOf(url)} served ${crossed} of ${USERS} clients somebody else's session.`);
    }
  }
  if (served === 0) return unknown('No session was served.');
  return verdict(wrong, `${served} reads of ${USERS} clients in each place showed their own sessions.`);
};
