import type { Topology } from '../../../servers/contract/topology.ts';
import { topology as sticky } from '../../../servers/strategies/sticky/topology.ts';

export const topology: Topology = {
  ...sticky,
  title: 'Mixes users up',
  description:
    "Answers a read now and then with another user's session. Sticky sessions otherwise; for tests.",
};
