import type { Topology } from '../../../servers/contract/topology.ts';
import { topology as sticky } from '../../../servers/strategies/sticky/topology.ts';

export const topology: Topology = {
  ...sticky,
  title: 'Fails reads',
  description: 'Sticky sessions that can be written and not read; for tests.',
};
