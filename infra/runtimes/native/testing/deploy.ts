/** Deploys strategies for tests, without the generator. */

import { RunFolder } from '../../../machine/run-folder.ts';
import { haproxy } from '../../../services/haproxy/index.ts';
import { serviceKind } from '../../../services/index.ts';
import { appMain, discoverStrategies } from '../../../strategies.ts';
import type { Placement, Strategy } from '../../runtime.ts';
import { NativeDeployment } from '../deployment.ts';
import { programsOf } from '../programs.ts';

export async function strategy(name: string): Promise<Strategy> {
  const found = (await discoverStrategies()).find((each) => each.name === name);
  if (!found) throw new Error(`there is no strategy ${name}`);
  return found;
}

const balancer = haproxy.configure({ affinity: 'none', apps: [{ host: '127.0.0.1', port: 1 }] }, 1);

export interface TestDeployment {
  readonly deployment: NativeDeployment;
  /** Stops it and removes what it made; gives what went wrong. */
  end(): Promise<readonly Error[]>;
}

/** @throws Error when a server does not start; nothing is left then. */
export async function deployForTest(chosen: Strategy, placement: Placement): Promise<TestDeployment> {
  const services = chosen.topology.services.map(({ kind, settings, count }) =>
    serviceKind(kind).configure(settings, count),
  );
  const { found } = await programsOf([balancer, ...services], () => {});
  const run = new RunFolder();
  const deployment = new NativeDeployment({
    strategy: chosen,
    programs: found,
    run,
    options: { apps: 2, appMain, sessionTtlSeconds: 600, storeTimeoutMs: 2_000, placement },
  });
  const end = async () => {
    const errors = await deployment.stop();
    await run.remove();
    return errors;
  };
  try {
    await deployment.start();
    return { deployment, end };
  } catch (error) {
    await end();
    throw error;
  }
}
