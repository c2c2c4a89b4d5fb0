/** Which function asks what, and in which deployment. The catalogue has the words (record/security-checks.ts). */
import type { SecurityCheckId } from '../../../record/security-checks.ts';
import type { Check } from '../check.ts';
import { badRequests } from './bad-requests.ts';
import { notCached } from './caching.ts';
import { loginRace, logoutRace, lostUpdates } from './concurrency.ts';
import { affinityCookie, cookieAttributes, cookieSecure, cookieSize } from './cookies.ts';
import { crossSite } from './cross-site.ts';
import { absoluteTimeout, idleTimeout, logout } from './endings.ts';
import { openPorts, serverLogin, storeTls } from './exposure.ts';
import { hostileCookies } from './hostile.ts';
import { fixation, idEntropy, idRenewed } from './ids.ts';
import { errorHygiene, idsInLogs } from './leaks.ts';
import { everyApp, ownSession } from './sharing.ts';
import { craftedValues, idsInStore } from './stored.ts';
import { endUser, userSessions } from './users.ts';

/** With the checks that it rests on: where one of these is broken, its own answer would mean nothing. */
export type Checks = readonly (readonly [SecurityCheckId, Check, ...needs: readonly SecurityCheckId[]])[];

/** Asked one after the other: the last two want a store that was used, and leave it dead. */
export const ordinaryChecks: Checks = [
  ['own-session', ownSession],
  ['every-app', everyApp, 'own-session'],
  ['id-entropy', idEntropy],
  ['id-renewed', idRenewed, 'own-session', 'every-app'],
  ['fixation', fixation, 'own-session'],
  ['logout', logout, 'every-app'],
  ['logout-race', logoutRace, 'every-app', 'logout'],
  ['login-race', loginRace, 'own-session', 'every-app', 'id-renewed', 'fixation'],
  ['lost-updates', lostUpdates, 'own-session', 'every-app'],
  ['hostile-cookies', hostileCookies, 'own-session', 'every-app'],
  ['cookie-attributes', cookieAttributes],
  ['cookie-secure', cookieSecure],
  ['cookie-size', cookieSize],
  ['not-cached', notCached],
  ['cross-site', crossSite, 'own-session', 'every-app'],
  ['affinity-cookie', affinityCookie],
  ['server-login', serverLogin],
  ['open-ports', openPorts],
  ['store-tls', storeTls],
  ['bad-requests', badRequests, 'own-session', 'every-app', 'hostile-cookies', 'cross-site'],
  ['end-user', endUser, 'own-session', 'every-app', 'logout'],
  ['user-sessions', userSessions, 'own-session', 'every-app', 'logout'],
  ['ids-in-store', idsInStore],
  ['crafted-values', craftedValues, 'own-session', 'every-app', 'logout-race'],
  ['error-hygiene', errorHygiene],
  ['ids-in-logs', idsInLogs],
];

/** Asked at the same time of a deployment whose sessions live for seconds. */
export const endingChecks: Checks = [
  ['idle-timeout', idleTimeout],
  ['absolute-timeout', absoluteTimeout],
];
