import type { Topology } from '../../../servers/contract/topology.ts';
import { topology as sticky } from '../../../servers/strategies/sticky/topology.ts';

export const topology: Topology = {
  ...sticky,
  title: 'Forgets logouts',
  description: 'Keeps a session now and then that was logged out. Sticky sessions otherwise; for tests.',
};
