/** `npm run compare -- --against` in containers: two apps of two checkouts, each from its own image. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { comparison as schema } from '../../record/gate.ts';
import { type Throwaway, throwawayRepository } from '../checkout.ts';
import { type Context, readResults, startIn, temporaryFolder } from '../command.ts';
import { assertSameAs, contents, needsEngine } from './engine.ts';

test(
  'a ref and a changed working tree are measured at the same time in Docker; an image that is lacking is told',
  needsEngine,
  async (context) => {
    const throwaway = await throwawayRepository(context);
    const [out, before] = [await temporaryFolder(context), await contents()];
    // A second round trip per read, which the store's own counters show however noisy the machine is.
    const store = path.join(throwaway.folder, 'servers/strategies/redis/store.ts');
    const source = await readFile(store, 'utf8');
    const sessions = '(redis) => redisSessions(redis, context)';
    assert.ok(source.includes(sessions));
    const twice = `(redis) => {
    const sessions = redisSessions(redis, context);
    return { ...sessions, get: (id, callback) => sessions.get(id, () => sessions.get(id, callback)) };
  }`;
    await writeFile(store, source.replace(sessions, twice));

    const load = ['--blocks=1', '--duration=1', '--rate=150'];
    const { exitCode, stdout, stderr } = await startIn(throwaway.folder, 'compare', [
      '--against=main',
      '--strategy=redis',
      '--runtime=docker',
      ...load,
      '--json',
      `--out=${out}`,
    ]).ended;
    assert.ok(exitCode === 2 || exitCode === 3, `${exitCode}\n${stderr}`);
    assert.match(stderr, /^Runtime +docker: as asked for/m);
    const comparison = schema.parse(JSON.parse(stdout));
    const { record, trials } = await readResults(out);
    assert.equal(record.runtime, 'docker');
    assert.deepEqual(
      record.strategies.map(({ name, status }) => [name, status]),
      [
        ['redis-baseline', 'measured'],
        ['redis-candidate', 'measured'],
      ],
    );
    for (const trial of trials)
      assert.ok((trial.operations.read?.count ?? 0) > 50, 'both sides were measured');
    const commands = comparison.results.find(({ metric }) => metric === 'storeCommandsPerRequest');
    const ratio = commands?.verdict.ratio;
    if (ratio) assert.ok(ratio > 1.5, `a second command for each read showed as a factor of ${ratio}`);
    await assertSameAs(before);
    await assertLackIsTold(context, throwaway);
  },
);

/** Without an image that every side needs, compare and selftest end with that. */
async function assertLackIsTold(context: Context, { folder }: Throwaway): Promise<void> {
  const out = await temporaryFolder(context);
  const lacking = ['--runtime=docker', '--strategy=redis', '--image=redis=localhost:9/nonesuch:1'];
  const commands = [
    ['compare', '--against=main'],
    ['selftest', '--comparisons=1', '--slowdowns=none'],
  ] as const;
  for (const [command, ...args] of commands) {
    const asked = [...args, ...lacking, `--out=${out}`];
    const { exitCode, stdout, stderr } = await startIn(folder, command, asked).ended;
    assert.equal(exitCode, 69, stdout + stderr);
    assert.match(stdout, /nonesuch:1 cannot be pulled/, command);
    assert.doesNotMatch(stdout + stderr, /quieter/, 'and no other reason is given');
  }
}
