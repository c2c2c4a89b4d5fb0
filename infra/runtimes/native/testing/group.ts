/** One service alone, with its processes in reach of the test. */
import assert from 'node:assert/strict';
import { RunFolder } from '../../../machine/run-folder.ts';
import { assertNothingLeft } from '../../../machine/testing/traces.ts';
import type { Service } from '../../../services/definition.ts';
import { programsOf } from '../programs.ts';
import { ServiceGroup } from '../service-group.ts';

export interface TestGroup {
  /** Not started. */
  readonly group: ServiceGroup;
  /** Stops it, and fails when something went wrong or is left. */
  end(): Promise<void>;
}

export async function groupForTest(
  service: Service,
  { count = 1, findPort }: { readonly count?: number; readonly findPort?: () => Promise<number> } = {},
): Promise<TestGroup> {
  const { found } = await programsOf([service], () => {});
  const run = new RunFolder();
  const group = new ServiceGroup({
    name: 'cache',
    tier: 'store',
    service,
    count,
    memoryMiB: 64,
    cores: null,
    programs: found,
    run,
    ...(findPort && { findPort }),
  });
  const end = async () => {
    assert.deepEqual(await group.stop(), []);
    await run.remove();
    await assertNothingLeft([]);
  };
  return { group, end };
}
