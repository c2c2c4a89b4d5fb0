/** Tests that need a Docker engine with its images here: where there is none they are skipped with the reason. */
import { execa } from 'execa';
import { type Engine, findEngine } from '../../infra/runtimes/docker/find-engine.ts';
import { imagesOf } from '../../infra/runtimes/docker/image-names.ts';
import { localImage } from '../../infra/runtimes/docker/images.ts';
import { discoverStrategies } from '../../infra/strategies.ts';

/** In CI with this set, a test that cannot find what it needs fails: there an engine was started for it. */
const expected = process.env.CI === 'true' && process.env.SESSION_BENCH_EXPECT_DOCKER === '1';

async function whyNot(): Promise<string | null> {
  const found = await findEngine();
  if (found.status === 'lacking') return `${found.lack.what}: ${found.lack.why}`;
  for (const { image } of imagesOf(await discoverStrategies(), new Map())) {
    if (!(await localImage(found.engine.client, image)))
      return `the image ${image} is not here: npm run images -- --pull, or --offline`;
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
  return (await execa('docker', args)).stdout;
}

/** All that is in the engine but images, as a person would list it. */
export async function contents(): Promise<readonly string[]> {
  const lists = await Promise.all([
    docker('ps', '--all', '--quiet', '--no-trunc'),
    docker('network', 'ls', '--quiet', '--no-trunc'),
    docker('volume', 'ls', '--quiet'),
  ]);
  return lists.flatMap((list) => list.split('\n')).filter((line) => line !== '');
}

/** Containers of session-bench that were not there before, by the name of their service. */
export async function containers(before: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const format = '{{.ID}}\t{{.Label "com.docker.compose.service"}}';
  const listed = await docker('ps', '--no-trunc', '--filter', 'label=session-bench.run', '--format', format);
  const pairs = listed.split('\n').map((line) => line.split('\t'));
  return new Map(
    pairs.flatMap(([id, service]) => (id && service && !before.includes(id) ? [[service, id] as const] : [])),
  );
}
