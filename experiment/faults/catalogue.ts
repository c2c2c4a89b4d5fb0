/** Every fault that there is. A new one is an entry here, and a file in acts/ where it acts in a way of its own. */
import { rollingDeploy } from './acts/deploy.ts';
import { freeze } from './acts/freeze.ts';
import { kill } from './acts/kill.ts';
import { fillMemory } from './acts/memory.ts';
import { onNetwork } from './acts/network.ts';
import { reloadBalancer } from './acts/reload.ts';
import { restart } from './acts/restart.ts';
import {
  anybody,
  appServers,
  firstMaster,
  needsFailover,
  needsMovableMemory,
  needsStore,
  storeServers,
} from './acts/targets.ts';
import type { Fault } from './fault.ts';

/** What no runtime can do, said where somebody asks for it. */
const beyondUs = (name: string, title: string, description: string, why: string): Fault => ({
  name,
  title,
  description,
  selection: 'named',
  ending: null,
  network: 'direct',
  lastsSeconds: 0,
  recoverySeconds: 0,
  whyNot: () => why,
  strike: () => Promise.reject(new Error(why)),
});

const SLOW_SECONDS = 5;

const networkSlow = (milliseconds: number): Fault => ({
  name: `network-slow-${milliseconds}`,
  title: `network ${milliseconds} ms slower`,
  description: `For five seconds each round trip between the apps and the servers of the strategy takes ${milliseconds} ms longer.`,
  selection: 'named',
  ending: null,
  network: 'proxied',
  lastsSeconds: SLOW_SECONDS,
  recoverySeconds: 2,
  whyNot: needsStore,
  strike: (scene) => onNetwork(scene, (network) => network.slow(milliseconds)),
});

export const faults: readonly Fault[] = [
  {
    name: 'store-kill',
    title: 'store killed',
    description:
      'All servers of the strategy are killed (kill -9) at the same time, and started again with the data that they left a second later.',
    selection: 'main',
    ending: 'storeCrash',
    network: 'direct',
    lastsSeconds: 1,
    recoverySeconds: 5,
    whyNot: needsStore,
    strike: (scene) => kill(scene, storeServers(scene)),
  },
  {
    name: 'store-restart',
    title: 'store restarted',
    description:
      'All servers of the strategy are asked to end at the same time, and started again with the data that they left at once.',
    selection: 'main',
    ending: 'storeRestart',
    network: 'direct',
    lastsSeconds: 0,
    recoverySeconds: 6,
    whyNot: needsStore,
    strike: (scene) => restart(scene, storeServers(scene)),
  },
  {
    name: 'store-freeze',
    title: 'store frozen 10 s',
    description:
      'All servers of the strategy get no CPU time for ten seconds: they hang, and keep their connections.',
    selection: 'main',
    ending: null,
    network: 'direct',
    lastsSeconds: 10,
    recoverySeconds: 4,
    whyNot: needsStore,
    strike: (scene) => freeze(storeServers(scene)),
  },
  {
    name: 'app-kill',
    title: 'app killed',
    description: 'One of the apps is killed (kill -9), and started again a second later.',
    selection: 'main',
    ending: 'appEnd',
    network: 'direct',
    lastsSeconds: 1,
    recoverySeconds: 4,
    whyNot: anybody,
    strike: (scene) => kill(scene, appServers(scene).slice(0, 1)),
  },
  {
    name: 'rolling-deploy',
    title: 'rolling deploy',
    description:
      'One app after the other gets no new users from the balancer, is asked to end when none of its requests is in flight, is started again, and gets users again.',
    selection: 'main',
    ending: 'appEnd',
    network: 'direct',
    lastsSeconds: 0,
    recoverySeconds: 6,
    whyNot: anybody,
    strike: rollingDeploy,
  },
  {
    name: 'balancer-reload',
    title: 'balancer reloaded',
    description:
      'The balancer reads its configuration anew: a new process takes over, and the old one ends its requests.',
    selection: 'main',
    ending: null,
    network: 'direct',
    lastsSeconds: 0,
    recoverySeconds: 3,
    whyNot: anybody,
    strike: reloadBalancer,
  },
  {
    name: 'master-kill',
    title: 'master killed',
    description:
      'One master is killed (kill -9), so that its replica takes over, and is started again eight seconds later.',
    selection: 'main',
    ending: 'failover',
    network: 'direct',
    lastsSeconds: 8,
    recoverySeconds: 5,
    whyNot: needsFailover,
    strike: (scene) => kill(scene, [firstMaster(scene)]),
  },
  {
    name: 'master-freeze',
    title: 'master away 10 s',
    description:
      'One master gets no CPU time for ten seconds, as if it were cut off from everybody: its replica takes over, and it comes back with what it knew.',
    selection: 'named',
    ending: 'failover',
    network: 'direct',
    lastsSeconds: 10,
    recoverySeconds: 5,
    whyNot: needsFailover,
    strike: (scene) => freeze([firstMaster(scene)]),
  },
  {
    name: 'network-cut',
    title: 'network cut 5 s',
    description:
      'For five seconds nothing gets through between the apps and the servers of the strategy, and neither end is told.',
    selection: 'main',
    ending: null,
    network: 'proxied',
    lastsSeconds: 5,
    recoverySeconds: 4,
    whyNot: needsStore,
    strike: (scene) => onNetwork(scene, (network) => network.cut()),
  },
  {
    name: 'network-reset',
    title: 'connections lost',
    description:
      'All connections between the apps and the servers of the strategy are ended at once; new ones work as before.',
    selection: 'named',
    ending: null,
    network: 'proxied',
    lastsSeconds: 0,
    recoverySeconds: 4,
    whyNot: needsStore,
    strike: (scene) => onNetwork(scene, (network) => network.reset()),
  },
  ...[1, 5, 20].map(networkSlow),
  {
    name: 'memory-full',
    title: 'memory full 5 s',
    description:
      'For five seconds the limit of memory of each server of the strategy is below what it uses, so that nothing more fits.',
    selection: 'named',
    ending: null,
    network: 'direct',
    lastsSeconds: 5,
    recoverySeconds: 3,
    whyNot: needsMovableMemory,
    strike: fillMemory,
  },
  beyondUs(
    'disk-full',
    'disk full',
    'The disk that holds the data of the servers takes no more.',
    'a disk that is full for one server alone needs a file system of its own, which neither runtime can make without root',
  ),
  beyondUs(
    'clock-step',
    'clock stepped',
    'The clock of the servers jumps.',
    'a clock of its own for a server needs root on either runtime',
  ),
];

export const mainFaults: readonly Fault[] = faults.filter(({ selection }) => selection === 'main');
