import type { Topology } from '../../../servers/contract/topology.ts';
import { topology as sticky } from '../../../servers/strategies/sticky/topology.ts';

export const topology: Topology = {
  ...sticky,
  title: 'Undoes logouts',
  description:
    'Writes a session back though it was logged out meanwhile. Sticky sessions otherwise; for tests.',
};
