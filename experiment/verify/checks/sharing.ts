/** Whether a session is one, whichever app serves it. */
import { type Check, limit, verdict } from '../check.ts';
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
  return verdict(wrong, 'Every app serves the sessions of the others, with their last writes.');
};
