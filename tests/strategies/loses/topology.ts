import type { Topology } from '../../../servers/contract/topology.ts';
import { topology as sticky } from '../../../servers/strategies/sticky/topology.ts';

export const topology: Topology = {
  ...sticky,
  title: 'Loses sessions',
  description: 'Forgets a live session now and then, for one read. Sticky sessions otherwise; for tests.',
};
