/** Tests that need a Docker engine with its images here: where there is none they are skipped with the reason. */
import assert from 'node:assert/strict';
import { environmentFor } from '../../infra/machine/environment.ts';
import { readProcess } from '../../infra/machine/process-table.ts';
import { describeEnding, runProgram } from '../../infra/machine/run.ts';
import { type Engine, findEngine, type UsedImage, usedImages } from '../../infra/runtimes/index.ts';
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

const OWNER = '{{.Label "session-bench.owner"}}';
const processOf = (owner: string): number | null => (owner === '' ? null : Number(JSON.parse(owner).pid));

/** The fields of each line that an engine's list has. */
async function rows(...command: readonly string[]): Promise<readonly (readonly string[])[]> {
  const lines = (await docker(...command)).split('\n').filter((line) => line !== '');
  return lines.map((line) => line.split('\t'));
}

/** All that is in the engine but images, as a person would list it. */
export async function contents(): Promise<readonly Content[]> {
  const [containers, networks, volumes] = await Promise.all([
    rows('ps', '--all', '--no-trunc', '--format', `{{.ID}}\t${OWNER}\t{{.Mounts}}`),
    rows('network', 'ls', '--no-trunc', '--format', `{{.ID}}\t${OWNER}`),
    rows('volume', 'ls', '--format', '{{.Name}}'),
  ]);
  const labelled = [...containers, ...networks].map(([id = '', owner = '']) => ({
    id,
    owner: processOf(owner),
  }));
  // Volumes that images ask for have no label: they belong to whom their container belongs to.
  const ownerOf = (volume: string) =>
    containers.find(([, , mounts = '']) => mounts.split(',').includes(volume))?.[1] ?? '';
  return [...labelled, ...volumes.map(([id = '']) => ({ id, owner: processOf(ownerOf(id)) }))];
}

/** The balancer's image under this name, as far as the engine has it. */
export async function balancerImage(name: string): Promise<UsedImage['here']> {
  const images = await usedImages(await engine(), [], new Map([['haproxy', name]]));
  return images.find(({ kind }) => kind === 'haproxy')?.here ?? null;
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
