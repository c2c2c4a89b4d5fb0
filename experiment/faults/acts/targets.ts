/** Which servers of a deployment a fault is done to, and which strategies have such servers. */
import { needsOf } from '../../../infra/runtimes/plan.ts';
import type { Server, Strategy } from '../../../infra/runtimes/runtime.ts';
import type { Fault, Scene } from '../fault.ts';

type Servers = readonly [Server, ...Server[]];

/** @throws Error where there is none */
export function storeServers({ deployment }: Scene): Servers {
  return someOf(
    deployment.servers.filter(({ tier }) => tier === 'store'),
    'server of the strategy',
  );
}

/** @throws Error where there is none */
export function appServers({ deployment }: Scene): Servers {
  return someOf(
    deployment.servers.filter(({ tier }) => tier === 'app'),
    'app',
  );
}

/** In a deployment that was just started, it is a master. @throws Error where no service fails over */
export function firstMaster(scene: Scene): Server {
  const names = servicesThat(scene.deployment.strategy, 'failsOver');
  const [first] = someOf(
    scene.deployment.servers.filter(({ service }) => names.includes(service)),
    'server that another one follows',
  );
  return first;
}

function someOf(servers: readonly Server[], what: string): Servers {
  const [first, ...others] = servers;
  if (!first) throw new Error(`the deployment has no ${what}`);
  return [first, ...others];
}

/** The topology's names of services that can do it. */
function servicesThat(strategy: Strategy, can: 'failsOver' | 'movableMemory'): readonly string[] {
  const { services } = needsOf(strategy);
  return strategy.topology.services
    .filter((_, index) => services[index]?.service[can] === true)
    .map(({ name }) => name);
}

export const needsStore: Fault['whyNot'] = ({ topology }) =>
  topology.services.length > 0 ? null : 'it has no servers of its own';

export const needsFailover: Fault['whyNot'] = (strategy) =>
  servicesThat(strategy, 'failsOver').length > 0 ? null : 'none of its servers takes over from another';

export const anybody: Fault['whyNot'] = () => null;

export const needsMovableMemory: Fault['whyNot'] = (strategy) =>
  servicesThat(strategy, 'movableMemory').length > 0
    ? null
    : 'none of its servers has a limit of memory that can be moved while it runs';
