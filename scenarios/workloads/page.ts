/**
 * Pages that load all at once: six requests of one session in flight at the same time.
 *
 * Six is how many connections browsers open to one host over HTTP/1.1. Two of them write, so that there is something to
 * lose; no published figure gives that share. In a tenth of the pages somebody logs out while the page still writes (a
 * second tab, a slow save), and in a twentieth somebody logs in twice with the same old cookie (a double click).
 *
 * The store contract (get, change a copy, set) makes no promise about such requests. What they lose is told per strategy,
 * and is no fault of a trial.
 */
import type { Workload } from 'k6/x/session';

export const workload: Workload = {
  name: 'page',
  title: 'pages that send six requests at once',
  description:
    'A page is 4 reads and 2 writes of one session at the same time; in 10 % a logout races with the writes, in 5 % two logins race with each other.',
  source:
    'browsers open 6 connections to a host over HTTP/1.1; payload and population as in "steady" (Wikimedia T408935)',
  // What such pages come to: (0.85 · 4 + 0.1 · 3 + 0.05 · 4) / 6 reads, and so on.
  mix: { login: 0.1 / 6, read: 3.9 / 6, write: 1.9 / 6, logout: 0.1 / 6 },
  arrival: { kind: 'page', reads: 4, writes: 2, logouts: 0.1, logins: 0.05 },
  payloadBytes: 1700,
  sessions: 10_000,
  zipfExponent: 0.6,
};
