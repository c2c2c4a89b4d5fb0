/**
 * Everybody comes at once: the peak of an attack on logins, of a sale, of a Monday.
 *
 * Wikimedia saw session creations triple and deletions grow eightfold at peaks (Wikimedia Phabricator T408935); here
 * logins and logouts have that ratio to each other's usual share, and reads and writes are those of all its sessions,
 * 3 reads for each write.
 */
import type { Workload } from 'k6/x/session';

export const workload: Workload = {
  name: 'login-storm',
  title: 'everybody logs in and out',
  description: 'A quarter logins, a fifth logouts; 3 reads for each write.',
  source:
    'Wikimedia T408935: read:write 3:1 overall, peaks with 3 times the creations and 8 times the deletions',
  mix: { login: 0.25, read: 0.4125, write: 0.1375, logout: 0.2 },
  payloadBytes: 1700,
  sessions: 10_000,
  zipfExponent: 0.6,
};
