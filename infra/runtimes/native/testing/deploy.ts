/** Deploys strategies as local processes, without provisioning k6. */
import { provisionGoProgram } from '../../../machine/programs/go-build.ts';
import type { Executable } from '../../../machine/programs/program.ts';
import { RunFolder } from '../../../machine/run-folder.ts';
import { toxiproxyProgram } from '../../../services/toxiproxy/program.ts';
import { appMain, discoverStrategies } from '../../../strategies.ts';
import { ManagedDeployment } from '../../deployment.ts';
import { anyBalancer, needsOf, planDeployment, servicesOf } from '../../plan.ts';
import type { NetworkMode, Placement, Strategy } from '../../runtime.ts';
import { NativeNodes, nativeSite } from '../nodes.ts';
import { builtHere, programsOf } from '../programs.ts';

export async function strategy(name: string): Promise<Strategy> {
  const found = (await discoverStrategies()).find((each) => each.name === name);
  if (!found) throw new Error(`there is no strategy ${name}`);
  return found;
}

export interface TestDeployment {
  readonly deployment: ManagedDeployment;
  readonly nodes: NativeNodes;
  /** Stops it and removes what it made; gives what went wrong. */
  end(): Promise<readonly Error[]>;
}

export interface TestDeployOptions {
  readonly network?: NetworkMode;
  /** Default: 2,000. */
  readonly storeTimeoutMs?: number;
}

async function proxies(): Promise<ReadonlyMap<string, Executable>> {
  const built = await provisionGoProgram(toxiproxyProgram, { progress() {} });
  if (built.status === 'lacking') throw new Error(`${built.lack.what}: ${built.lack.why}`);
  return new Map([[toxiproxyProgram.name, builtHere(built.path)]]);
}

/** A deployment that has not been started. @param k6 path of the binary; null: nothing will be driven */
export async function planForTest(
  chosen: Strategy,
  placement: Placement,
  k6: string | null = null,
  { network = 'direct', storeTimeoutMs = 2_000 }: TestDeployOptions = {},
): Promise<TestDeployment> {
  const services = needsOf(chosen).services.map(({ service }) => service);
  const { found } = await programsOf([anyBalancer, ...services], () => {});
  const programs = network === 'proxied' ? new Map([...found, ...(await proxies())]) : found;
  const run = new RunFolder();
  const site = nativeSite({ appMain, strategyFolder: chosen.folder, programs, run });
  const options = { apps: 2, sessionTtlSeconds: 600, storeTimeoutMs, placement, slowdown: null, network };
  const plan = await planDeployment(chosen, options, site);
  const nodes = new NativeNodes({ services: servicesOf(plan), programs, run, placement, k6 });
  const { signal } = new AbortController();
  const deployment = new ManagedDeployment({ strategy: chosen, plan, nodes, signal });
  const end = async () => {
    const errors = await deployment.stop();
    await run.remove();
    return errors;
  };
  return { deployment, nodes, end };
}

/** @throws Error when a server does not start; nothing is left then. */
export async function deployForTest(
  chosen: Strategy,
  placement: Placement,
  k6: string | null = null,
  options: TestDeployOptions = {},
): Promise<TestDeployment> {
  const planned = await planForTest(chosen, placement, k6, options);
  try {
    await planned.deployment.start();
    return planned;
  } catch (error) {
    await planned.end();
    throw error;
  }
}
