/**
 * A few users make most of the requests: service accounts, dashboards that refresh, one that everybody shares.
 *
 * Zipf exponent 0.99: the default of YCSB (Cooper et al., SoCC 2010). The busiest of 10,000 sessions then gets a tenth of all requests;
 * exponents that were published for caches are higher (median 1.21 in Twitter's traces, Yang et al., OSDI 2020). All else is that of
 * "read-heavy". What it is for: where clients stay with one app, that app gets all of such a user.
 */
import type { Workload } from 'k6/x/session';

export const workload: Workload = {
  name: 'skewed',
  title: 'a few users make most of the requests',
  description:
    '30 reads for each write, of small sessions; the busiest of 10,000 users makes a tenth of all requests.',
  source:
    'Cooper et al. 2010 (YCSB): Zipf exponent 0.99; mix and size as in "read-heavy" (Atikoglu et al. 2012)',
  mix: { login: 0.01, read: 0.9487, write: 0.0313, logout: 0.01 },
  payloadBytes: 500,
  sessions: 10_000,
  zipfExponent: 0.99,
};
