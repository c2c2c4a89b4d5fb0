import type { Topology } from '../../../servers/contract/topology.ts';
import { topology as sticky } from '../../../servers/strategies/sticky/topology.ts';

export const topology: Topology = {
  ...sticky,
  title: 'One at a time',
  description:
    'Sticky sessions in a store that serves one call after the other, each for a fixed time; for tests.',
};
