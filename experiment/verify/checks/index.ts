/** Which function asks what, and in which deployment. The catalogue has the words (record/security-checks.ts). */
import type { SecurityCheckId } from '../../../record/security-checks.ts';
import type { Check } from '../check.ts';
import { affinityCookie, cookieAttributes, cookieSecure, cookieSize } from './cookies.ts';
import { crossSite } from './cross-site.ts';
import { absoluteTimeout, idleTimeout, logout } from './endings.ts';
import { hostileCookies } from './hostile.ts';
import { fixation, idEntropy, idRenewed } from './ids.ts';
import { errorHygiene, idsInLogs } from './leaks.ts';
import { everyApp } from './sharing.ts';

export type Checks = readonly (readonly [SecurityCheckId, Check])[];

/** Asked one after the other: the last two want a store that was used, and leave it dead. */
export const ordinaryChecks: Checks = [
  ['id-entropy', idEntropy],
  ['id-renewed', idRenewed],
  ['fixation', fixation],
  ['logout', logout],
  ['every-app', everyApp],
  ['hostile-cookies', hostileCookies],
  ['cookie-attributes', cookieAttributes],
  ['cookie-secure', cookieSecure],
  ['cookie-size', cookieSize],
  ['cross-site', crossSite],
  ['affinity-cookie', affinityCookie],
  ['error-hygiene', errorHygiene],
  ['ids-in-logs', idsInLogs],
];

/** Asked at the same time of a deployment whose sessions live for seconds. */
export const endingChecks: Checks = [
  ['idle-timeout', idleTimeout],
  ['absolute-timeout', absoluteTimeout],
];
