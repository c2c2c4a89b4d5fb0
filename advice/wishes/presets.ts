/** Workloads that somebody has published, as wishes. What a source does not say is assumed, and said so. */
import { usualWishes } from './usual.ts';
import type { Wishes } from './wishes.ts';

export interface WishPreset {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  /** What the source does not say. */
  readonly assumed: string;
  readonly wishes: Wishes;
}

const alive = (count: number): Wishes['sessions'] => ({ kind: 'alive', count });
const made = (perSecond: number, aliveHours: number): Wishes['sessions'] => ({
  kind: 'made',
  perSecond,
  aliveSeconds: aliveHours * 3600,
});
const rate = (low: number, likely: number, high: number): Wishes['rate'] => ({ low, likely, high });

const preset = (
  name: string,
  title: string,
  source: string,
  assumed: string,
  wishes: Pick<Wishes, 'sessions' | 'rate'> & Partial<Wishes>,
): WishPreset => ({ name, title, source, assumed, wishes: { ...usualWishes, ...wishes } });

export const wishPresets: readonly WishPreset[] = [
  preset(
    'wikimedia',
    'all wikis of the Wikimedia Foundation',
    'Wikimedia Phabricator T408935 (November 2025): 1,750 GET, 600 POST, 25 DELETE a second, about 1.7 KB, 24 h; peaks of 1,500 POST',
    'each anonymous write (60 % of 600 a second) makes a session that lives one hour, since the number alive is not published',
    {
      sessions: made(360, 1),
      rate: rate(1500, 2375, 3300),
      payloadBytes: 1700,
      mayLose: 'second',
      survives: ['app-restart', 'store-restart'],
    },
  ),
  preset(
    'ringier',
    'the sign-on of Ringier Axel Springer',
    'Ringier Axel Springer Tech (December 2022): more than 30,000 reads and 5,000 writes a second, about 100 GB',
    'sessions of 2 KB, hence 50 million; no loss through a restart',
    {
      sessions: alive(5e7),
      rate: rate(30_000, 35_000, 40_000),
      payloadBytes: 2000,
      mayLose: 'second',
      survives: ['app-restart', 'store-restart'],
    },
  ),
  preset(
    'hootsuite',
    'Hootsuite',
    'Hootsuite Engineering (July 2015): millions of sessions, 5,000 requests/s, moved to a store in several zones',
    '2 million sessions of 1 KB',
    {
      sessions: alive(2e6),
      rate: rate(2500, 5000, 5000),
      payloadBytes: 1000,
      mayLose: 'second',
      survives: ['app-restart', 'store-restart', 'zone'],
    },
  ),
  preset(
    'gitlab',
    'GitLab.com',
    'GitLab runbooks and epics (2021 to 2025): about 10 GB of sessions, hundreds of bytes each, one Redis at 20 % of a core at first',
    '500 B, hence 15 million sessions with what the store adds; 3,000 requests/s, since the rate is not published',
    {
      sessions: alive(1.5e7),
      rate: rate(1500, 3000, 6000),
      payloadBytes: 500,
      mayLose: 'second',
      survives: ['app-restart', 'store-restart', 'power-cut'],
      endsAllOfAUser: true,
    },
  ),
  preset(
    'newton',
    'Newton',
    'Newton blog (January 2017): 20 million requests a day, more than a million in the peak hour, 75 % read the session',
    '200,000 sessions of 1 KB',
    {
      sessions: alive(2e5),
      rate: rate(170, 230, 300),
      payloadBytes: 1000,
      mayLose: 'node',
      survives: ['app-restart', 'store-restart'],
    },
  ),
  preset(
    'keycloak',
    "the largest of Keycloak's sizing tests",
    'Keycloak sizing guide (24.0): up to 200,000 sessions, 300 logins and 435 refreshes a second',
    'one read for each login or refresh, twice as many at the peak; 5 KB; all sessions of a user can be ended',
    {
      sessions: alive(2e5),
      rate: rate(435, 735, 1470),
      payloadBytes: 5000,
      mayLose: 'second',
      survives: ['app-restart', 'store-restart'],
      endsAllOfAUser: true,
    },
  ),
  preset(
    'deliveroo',
    'Deliveroo',
    'Greg Beech (October 2016): tens of millions of sessions in Redis, of which packing saved 70 % of the memory',
    '20 million sessions of 500 B, 2,000 requests/s; all may be lost',
    { sessions: alive(2e7), rate: rate(1000, 2000, 4000), payloadBytes: 500 },
  ),
  preset(
    'small',
    'a small application by a rule of thumb',
    'bastionary.com: 10 requests a minute of each user; oneuptime.com (2026-02-12): 1 to 10 KB a session',
    '1,000 users at once, 30 minutes idle life; nobody is to be logged out by a deployment',
    {
      sessions: alive(1000),
      rate: rate(50, 167, 400),
      payloadBytes: 1000,
      mayLose: 'none',
      survives: ['app-restart', 'store-restart'],
    },
  ),
];
