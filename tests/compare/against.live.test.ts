/** `npm run compare -- --against` on real servers. */
import assert from 'node:assert/strict';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '../../infra/machine/until.ts';
import { comparison as schema } from '../../record/gate.ts';
import { type Throwaway, throwawayRepository } from '../checkout.ts';
import { type Command, endWith, readResults, startIn, temporaryFolder } from '../command.ts';
import { assertEnded, family, type ProcessInfo } from '../processes.ts';

/** Nothing of a comparison may stay: no checkout, and no word of it in the repository. */
async function assertNothingLeft({ git }: Throwaway, temporary: string): Promise<void> {
  assert.deepEqual(await readdir(temporary), []);
  const worktrees = await git('worktree', 'list');
  assert.equal(worktrees.split('\n').length, 1, worktrees);
  assert.equal(await git('status', '--porcelain'), '');
}

async function places(t: TestContext): Promise<{ readonly out: string; readonly temporary: string }> {
  const [out, temporary] = [await temporaryFolder(t), await temporaryFolder(t)];
  // As root, servers run as somebody else, who must get through to the run's folder.
  await chmod(temporary, 0o711);
  return { out, temporary };
}

/** Every process of a comparison, once the first side is under its burst: no trial has begun. */
async function untilUnderLoad(command: Command): Promise<readonly ProcessInfo[]> {
  const underLoad = async () => {
    const found = family(command.pid);
    assert.ok(found.some((each) => /\bk6 run\b/.test(each.command)));
    return found;
  };
  const ended = () => (command.child.exitCode === null ? null : new Error(command.stdout()));
  return await until('k6 runs', 240_000, underLoad, { unless: ended });
}

test('a ref and a changed working tree are measured at the same time, and judged', async (t) => {
  const throwaway = await throwawayRepository(t);
  const { out, temporary } = await places(t);
  const note = path.join(throwaway.folder, 'a-change');
  await writeFile(note, 'in no commit\n');
  const config = path.join(throwaway.folder, 'session-bench.config.json');
  await writeFile(config, (await readFile(config, 'utf8')).replaceAll('"5%"', '"900%"'));
  const args = ['--against=main', '--strategy=redis', '--blocks=1', '--duration=1', '--rate=150', '--json'];
  const command = startIn(throwaway.folder, 'compare', [...args, '--out', out], { TMPDIR: temporary });
  endWith(t, command);
  await untilUnderLoad(command);
  // What is measured was copied: neither the code nor the scenario can be spoilt any more.
  for (const file of ['servers/app/main.ts', 'servers/strategies/redis/store.ts', 'scenarios/steady.ts'])
    await writeFile(path.join(throwaway.folder, file), 'throw new Error("edited while it ran");\n');
  const { exitCode, stdout, stderr } = await command.ended;
  await throwaway.git('checkout', '--quiet', 'main', '--', '.');
  // One block cannot be conclusive; on a machine too busy for the load none may be valid.
  assert.ok(exitCode === 2 || exitCode === 3, `${exitCode}\n${stderr}`);
  const comparison = schema.parse(JSON.parse(stdout));
  assert.equal(comparison.outcome, exitCode === 2 ? 'invalid' : 'inconclusive');
  assert.deepEqual([comparison.baseline.label, comparison.candidate.dirty], ['main', true]);
  // The change is a note that nothing runs.
  assert.ok(comparison.findings.some(({ code }) => code === 'same-code'));
  assert.ok(comparison.findings.every(({ code }) => code !== 'code-changed'));
  // And budgets that only the working tree loosens judge nothing.
  assert.ok(comparison.findings.some(({ code }) => code === 'budgets-differ'));
  assert.ok(comparison.results.every(({ budget }) => budget < 9));
  assert.match(stderr, /the working tree .*against main/);

  const { record, trials, folder } = await readResults(out);
  assert.ok(record.design.kind === 'sides');
  assert.deepEqual(record.design.pairs, [
    { strategy: 'redis', baseline: 'redis-baseline', candidate: 'redis-candidate', addedMicros: 0 },
  ]);
  const measured = new Set(trials.map(({ strategy }) => strategy));
  assert.deepEqual([...measured].sort(), ['redis-baseline', 'redis-candidate']);
  for (const trial of trials) {
    assert.ok((trial.operations.read?.count ?? 0) > 50, 'both sides were measured');
    for (const { violations } of Object.values(trial.operations))
      assert.deepEqual(violations, { lost: 0, stale: 0, resurrected: 0, crossed: 0 });
  }
  const files = await readdir(folder);
  const comparisonFiles = ['comparison.json', 'comparison.html', 'comparison.md', 'comparison.junit.xml'];
  for (const name of [...comparisonFiles, 'summary.json', 'report.html'])
    assert.ok(files.includes(name), name);

  const elsewhere = ['--out', await temporaryFolder(t)];
  const again = await startIn(throwaway.folder, 'compare', [folder, '--json', ...elsewhere]).ended;
  assert.equal(again.exitCode, exitCode);
  assert.deepEqual(schema.parse(JSON.parse(again.stdout)).results, comparison.results);
  await rm(note);
  await assertNothingLeft(throwaway, temporary);
});

test('Ctrl-C ends a comparison cleanly, with no word of it in the repository', async (t) => {
  const throwaway = await throwawayRepository(t);
  const { out, temporary } = await places(t);
  const args = ['--against=main', '--strategy=redis', '--blocks=2', '--duration=60', '--rate=100'];
  const command = startIn(throwaway.folder, 'compare', [...args, '--out', out], { TMPDIR: temporary });
  endWith(t, command);
  // What was measured by then is kept by all designs alike (bench/lifecycle.live.test.ts).
  const processes = await untilUnderLoad(command);
  command.child.kill('SIGINT');
  const { exitCode, stdout } = await command.ended;
  assert.equal(exitCode, 130, stdout);
  assert.match(stdout, /stopping, and keeping what was measured/);
  await assertEnded(processes);
  const { record, folder } = await readResults(out);
  assert.equal(record.status, 'interrupted');
  const comparison = schema.parse(JSON.parse(await readFile(path.join(folder, 'comparison.json'), 'utf8')));
  assert.equal(comparison.status, 'interrupted');
  await assertNothingLeft(throwaway, temporary);
});
