/**
 * Signed-in users at work.
 *
 * Reads and writes: the Wikimedia Foundation counted 6.75 reads for each write of authenticated sessions, with about
 * 1.7 KB a session (Wikimedia Phabricator T408935). Logins and logouts: 2 % of the operations each; no published figure
 * gives their share, and with fewer a short trial would hold too few of them.
 *
 * Zipf exponent 0.6: people, unlike cache keys, have one pair of hands. The exponents above 1 that were published for
 * caches (median 1.21 in Twitter's traces, Yang et al., OSDI 2020) would give a tenth of all requests to one person.
 */
import type { Workload } from 'k6/x/session';

export const workload: Workload = {
  name: 'steady',
  title: 'signed-in users at work',
  description: '6.75 reads for each write; a few logins and logouts.',
  source: 'Wikimedia T408935: read:write 6.75:1 for authenticated sessions, about 1.7 KB each',
  mix: { login: 0.02, read: 0.836, write: 0.124, logout: 0.02 },
  payloadBytes: 1700,
  sessions: 10_000,
  zipfExponent: 0.6,
};
