/**
 * The oracles have teeth: stores that are wrong on purpose are caught, in the right class, as often as they were wrong. A
 * store that fails is seen to, and one that is merely plain is measured like any other.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readResults, repository, run, temporaryFolder } from '../command.ts';

/** What each app process of a faulty strategy does wrong, and no more: tests/strategies/faults/fault-plan.ts. */
const FAULTS = 5;
const APPS = 2;
const none = { lost: 0, stale: 0, resurrected: 0, crossed: 0 };

test('each kind of fault is counted exactly, in its own class', async (context) => {
  const out = await temporaryFolder(context);
  const faulty = [
    'loses',
    'serves-old',
    'forgets-logout',
    'mixes-users',
    'sticky-no-affinity',
    'fails-reads',
  ];
  const load = ['--scenario', 'login-storm', '--preset', 'smoke', '--rate', '500', '--duration', '3'];
  const { exitCode, stdout, stderr } = await run(
    'bench',
    [
      ...[...faulty, 'without-clear'].flatMap((name) => ['--strategy', name]),
      ...load,
      '--seed',
      '3',
      '--out',
      out,
    ],
    {
      SESSION_BENCH_STRATEGIES: path.join(repository, 'tests/strategies'),
      SESSION_BENCH_FAULTS: String(FAULTS),
      // So often that all of them come in time, with many chances to spare.
      SESSION_BENCH_FAULTS_EVERY: '2',
    },
  );
  assert.equal(exitCode, 1, `${stdout}\n${stderr}`);
  const { summary } = await readResults(out);
  const strategyOf = (name: string) => summary.strategies.find((each) => each.name === name);
  const violationsOf = (name: string) => strategyOf(name)?.violations;

  assert.deepEqual(violationsOf('loses'), { ...none, lost: FAULTS * APPS });
  assert.deepEqual(violationsOf('serves-old'), { ...none, stale: FAULTS * APPS });
  assert.deepEqual(violationsOf('forgets-logout'), { ...none, resurrected: FAULTS * APPS });
  assert.deepEqual(violationsOf('mixes-users'), { ...none, crossed: FAULTS * APPS });

  const withoutAffinity = violationsOf('sticky-no-affinity');
  assert.ok(
    withoutAffinity && withoutAffinity.lost > 100,
    'without affinity about half of the reads find no session',
  );
  assert.match(stdout, /lost/);

  const failing = strategyOf('fails-reads');
  assert.deepEqual([failing?.status, failing?.violations, failing?.operations], ['failed', none, {}]);
  const plain = summary.trials.find(({ strategy }) => strategy === 'without-clear');
  assert.notEqual(plain?.reasons[0]?.code, 'not-ready');
  assert.deepEqual([plain?.warnings[0]?.code, violationsOf('without-clear')], ['restarted-to-clear', none]);
});

test('pages show what requests at once lose, and a write that undoes a logout', async (context) => {
  const out = await temporaryFolder(context);
  const load = ['--scenario', 'page', '--preset', 'smoke', '--rate', '300', '--duration', '3', '--seed', '3'];
  const { exitCode, stdout, stderr } = await run(
    'bench',
    ['--strategy', 'undoes-logouts', '--strategy', 'sticky', ...load, '--out', out],
    { SESSION_BENCH_STRATEGIES: path.join(repository, 'tests/strategies') },
  );
  assert.equal(exitCode, 1, `${stdout}\n${stderr}`);
  const { summary, trials } = await readResults(out);
  const pagesOf = (name: string) =>
    trials.find(({ strategy }) => strategy === name)?.pages ?? assert.fail(`${name}: ${stdout}`);
  const [undoing, sticky] = [pagesOf('undoes-logouts'), pagesOf('sticky')];
  // Of two writes that both read the same version, one is lost, and both answers have the version after it.
  assert.ok(undoing.lostUpdates > 0 && undoing.takenVersions > 0, JSON.stringify(undoing));
  assert.ok(undoing.undoneLogouts > 0, JSON.stringify(undoing));
  assert.ok(sticky.logouts > 0 && sticky.logins > 0, JSON.stringify(sticky));
  assert.equal(sticky.undoneLogouts + sticky.survivedLogins + undoing.survivedLogins, 0);
  const violationsOf = (name: string) => summary.strategies.find((each) => each.name === name)?.violations;
  const resurrected = violationsOf('undoes-logouts')?.resurrected ?? 0;
  assert.ok(resurrected >= undoing.undoneLogouts, 'those of the warm-up too');
  assert.deepEqual(violationsOf('undoes-logouts'), { ...none, resurrected });
  assert.deepEqual(violationsOf('sticky'), none, 'a lost update is no wrong answer');
});
