/**
 * Nothing but reads, of sessions that are picked all alike: what a look at a session costs among so many others. The trials of
 * `--footprint` are of it.
 */
import type { Workload } from 'k6/x/session';

export const workload: Workload = {
  name: 'reads',
  title: 'nothing but reads, all sessions alike',
  description:
    'Reads only; every session is as popular as any other, so that no cache is warmer than it would be.',
  source: 'none: it is no workload of people, but a probe of what the number of sessions does to one read',
  mix: { login: 0, read: 1, write: 0, logout: 0 },
  payloadBytes: 1700,
  sessions: 10_000,
  zipfExponent: 0,
};
