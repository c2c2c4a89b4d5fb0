/**
 * Almost only reads, of small sessions.
 *
 * 30 reads for each write: what Facebook published of a general-purpose cache (Atikoglu et al., SIGMETRICS 2012).
 * 500 B: the middle of the 400 to 600 B of the session workloads in redis-benchmarks-specification.
 */
import type { Workload } from 'k6/x/session';

export const workload: Workload = {
  name: 'read-heavy',
  title: 'almost only reads, small sessions',
  description: '30 reads for each write; small sessions.',
  source:
    'Atikoglu et al. 2012 (Facebook): read:write 30:1; redis-benchmarks-specification: sessions of 400-600 B',
  mix: { login: 0.01, read: 0.9487, write: 0.0313, logout: 0.01 },
  payloadBytes: 500,
  sessions: 10_000,
  zipfExponent: 0.6,
};
