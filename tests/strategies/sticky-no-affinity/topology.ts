import type { Topology } from '../../../servers/contract/topology.ts';
import { topology as sticky } from '../../../servers/strategies/sticky/topology.ts';

export const topology: Topology = {
  ...sticky,
  title: 'Sticky, without stickiness',
  description:
    'Sessions in the memory of each app process behind a balancer that sends requests anywhere; for tests.',
  balancer: { affinity: 'none' },
};
