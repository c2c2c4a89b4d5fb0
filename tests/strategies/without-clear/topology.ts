import type { Topology } from '../../../servers/contract/topology.ts';
import { topology as sticky } from '../../../servers/strategies/sticky/topology.ts';

export const topology: Topology = {
  ...sticky,
  title: 'Without clear',
  description: 'Sticky sessions in a store that cannot end them all at once; for tests.',
};
