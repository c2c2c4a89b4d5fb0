import type { Topology } from '../../../servers/contract/topology.ts';
import { topology as sticky } from '../../../servers/strategies/sticky/topology.ts';

export const topology: Topology = {
  ...sticky,
  title: 'Serves old sessions',
  description:
    'Answers a read now and then with the session as it was before its last write. Sticky sessions otherwise; for tests.',
};
