/** Tests that need a Docker engine with its images here: where there is none they are skipped with the reason. */
import assert from 'node:assert/strict';
import { environmentFor } from '../../infra/machine/environment.ts';
import { readProcess } from '../../infra/machine/process-table.ts';
import { describeEnding, runProgram } from '../../infra/machine/run.ts';
import { type Engine, findEngine, usedImages } from '../../infra/runtimes/index.ts';
import { discoverStrategies } from '../../infra/strategies.ts';

/** In CI with this set, a test that cannot find what it needs fails: there an engine was started for it. */
const expected = process.env.CI === 'true' && process.env.SESSION_BENCH_EXPECT_DOCKER === '1';

async function whyNot(): Promise<string | null> {
  const found = await findEngine();
  if (found.status === 'lacking') return `${found.lack.what}: ${found.lack.why}`;
  for (const { image, here } of await usedImages(found.engine, await discoverStrategies(), new Map())) {
    if (!here) return `the image ${image} is not here: npm run images -- --pull, or --offline`;
  }
  return null;
}

const lack = await whyNot();
if (lack && expected) throw new Error(`SESSION_BENCH_EXPECT_DOCKER is set, and ${lack}`);

/** Options of a test that needs an engine. */
export const needsEngine = { skip: lack ?? false };

export async function engine(): Promise<Engine> {
  const found = await findEngine();
  if (found.status === 'lacking') throw new Error(found.lack.why);
  return found.engine;
}

export async function docker(...args: readonly string[]): Promise<string> {
  const outcome = await runProgram('docker', args, { env: environmentFor('engine') });
  if (outcome.exitCode !== 0) throw new Error(`${describeEnding(outcome)}: ${outcome.all}`);
  return outcome.stdout;
}

export interface Content {
  readonly id: string;
  /** Process number of the session-bench that it belongs to; null for what is not ours. */
  readonly owner: number | null;
}

/** All that is in the engine but images, as a person would list it. */
export async function contents(): Promise<readonly Content[]> {
  const format = ['--no-trunc', '--format', '{{.ID}}\t{{.Label "session-bench.owner"}}'];
  const lists = await Promise.all([
    docker('ps', '--all', ...format),
    docker('network', 'ls', ...format),
    docker('volume', 'ls', '--format', '{{.Name}}\t{{.Label "session-bench.owner"}}'),
  ]);
  const lines = lists.flatMap((list) => list.split('\n')).filter((line) => line !== '');
  return lines.map((line) => {
    const [id = '', owner = ''] = line.split('\t');
    return { id, owner: owner === '' ? null : Number(JSON.parse(owner).pid) };
  });
}

/** Fails when a run that has ended left something, or took away what is not ours. Other runs may come and go. */
export async function assertSameAs(before: readonly Content[]): Promise<void> {
  const now = await contents();
  const isIn = (list: readonly Content[]) => (each: Content) => list.some(({ id }) => id === each.id);
  const ofOthers = ({ owner }: Content) => owner !== null && readProcess(owner) !== null;
  const left = now.filter((each) => !isIn(before)(each) && !ofOthers(each));
  assert.deepEqual(left, [], 'left in the engine');
  const taken = before.filter((each) => each.owner === null && !isIn(now)(each));
  assert.deepEqual(taken, [], 'taken from others');
}

/** Running containers of a session-bench process, by the name of their service. */
export async function containersOf(pid: number): Promise<ReadonlyMap<string, string>> {
  const format = '{{.ID}}\t{{.Label "com.docker.compose.service"}}\t{{.Label "session-bench.owner"}}';
  const listed = await docker('ps', '--no-trunc', '--filter', 'label=session-bench.run', '--format', format);
  const rows = listed.split('\n').map((line) => line.split('\t'));
  return new Map(
    rows.flatMap(([id, service, owner]) =>
      id && service && owner && JSON.parse(owner).pid === pid ? [[service, id] as const] : [],
    ),
  );
}
