/**
 * One run of strategies that fare differently, since each run costs the start of its servers: a kind of server outside the
 * repository is run, an image that cannot be had and a container that dies while starting are told, and hinder nobody. Its
 * balancer is of an image without bash, as those of Alpine are.
 */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { type Context, readResults, run, temporaryFolder } from '../command.ts';
import { writeNewKind } from '../new-kind.ts';
import { assertSameAs, balancerImage, contents, needsEngine } from './engine.ts';

/** A strategy whose app ends at once, beside the others under a folder. */
async function writeBroken(strategies: string): Promise<void> {
  const broken = path.join(strategies, 'broken');
  await mkdir(broken);
  await writeFile(
    path.join(broken, 'topology.ts'),
    `export const topology = { title: 'Broken', description: 'Does not start.', services: [],
      balancer: { affinity: 'none' },
      commandsPerOperation: { login: {}, read: {}, write: {}, logout: {}, probe: {} } };\n`,
  );
  await writeFile(
    path.join(broken, 'store.ts'),
    "export default async () => { throw new Error('the disk of this store is on fire'); };\n",
  );
}

/** Where stand-ins are made, one for the balancer of Alpine; otherwise nothing is in place of the usual image. */
async function balancerWithoutBash(): Promise<readonly string[]> {
  const name = 'haproxy:3.2-alpine';
  if (await balancerImage(name)) return [`--image=haproxy=${name}`];
  const usual = await balancerImage('haproxy:3.2');
  if (!usual?.standIn) return [];
  const made = await run('images', ['--offline'], { SESSION_BENCH_IMAGES: `haproxy=${name}` });
  assert.equal(made.exitCode, 0, made.stderr);
  return [`--image=haproxy=${name}`];
}

async function measureMixed(context: Context, out: string) {
  const { strategy, env } = await writeNewKind(await temporaryFolder(context));
  await writeBroken(env.SESSION_BENCH_STRATEGIES ?? assert.fail('no folder of strategies'));
  // Nobody listens on this port of loopback.
  const images = ['--image=redis=127.0.0.1:1/nonesuch:1', ...(await balancerWithoutBash())];
  const strategies = [strategy, 'redis', 'broken'].map((each) => `--strategy=${each}`);
  const load = ['--preset=smoke', '--rate=200', '--duration=1'];
  const args = ['--runtime=docker', ...strategies, ...images, ...load, `--out=${out}`];
  return { strategy, images, finished: await run('bench', args, env) };
}

test(
  'a new kind is run; what cannot be had or does not start is told and hinders nobody',
  needsEngine,
  async (context) => {
    const [out, before] = [await temporaryFolder(context), await contents()];
    const { strategy, images, finished } = await measureMixed(context, out);
    assert.equal(finished.exitCode, 2, finished.stdout + finished.stderr);
    await assertSameAs(before);
    const { record, trials } = await readResults(out);
    assert.equal(record.runtime, 'docker');
    assert.deepEqual(
      trials.map((trial) => [trial.strategy, (trial.operations.read?.count ?? 0) > 50]),
      [[strategy, true]],
    );
    assert.ok(
      Object.values(trials[0]?.storeCommands ?? {}).some((count) => count > 0),
      'its commands were counted',
    );
    const versionsOf = (name: string) => record.strategies.find((each) => each.name === name)?.versions ?? [];
    const originOf = (product: string) =>
      versionsOf(strategy).find((each) => each.product === product)?.origin;
    assert.match(originOf('Open Cache') ?? '', /^redis:8/);
    if (images.length > 1) assert.match(originOf('HAProxy') ?? '', /^haproxy:3\.2-alpine/);
    const reasonOf = (name: string) => record.strategies.find((each) => each.name === name)?.reasons[0];
    assert.equal(reasonOf('redis')?.code, 'missing');
    assert.match(reasonOf('redis')?.message ?? '', /the image 127\.0\.0\.1:1\/nonesuch:1 cannot be pulled/);
    assert.ok((reasonOf('redis')?.remedy ?? '').length > 0);
    assert.equal(reasonOf('broken')?.code, 'not-started');
    assert.match(
      reasonOf('broken')?.message ?? '',
      /app-\d ended with exit code 1; [\s\S]*the disk of this store is on fire/,
    );
  },
);
