/** What every command that measures does before its work, by the commands themselves and with a work that tells what it got. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownEnvironment } from '../infra/machine/environment.ts';
import { runProgram } from '../infra/machine/run.ts';
import { emptyCache, run, temporaryFolder, withoutEngine } from './command.ts';

const here = { ...emptyCache, ...withoutEngine };

test('an image is named for a run that turns out native: it ends, and so does a dry run', async () => {
  const { exitCode, stderr } = await run(
    'bench',
    ['--runtime=auto', '--image=haproxy=haproxy:3.2', '--dry-run'],
    here,
  );
  assert.equal(exitCode, 69, stderr);
  assert.match(stderr, /--image haproxy=haproxy:3\.2 can be run in Docker only\. Docker cannot be used/);
});

const moduleAt = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);

/** The first strategy can run where programs can be fetched; the second wants a kind of server that there is not. */
const strategies = ['good', 'odd'].map((name) => ({
  name,
  folder: `/strategies/${name}`,
  topology: {
    title: name,
    description: name,
    services: [{ name: 'cache', kind: name === 'odd' ? 'nonesuch' : 'redis', count: 1, memoryMiB: 64 }],
    balancer: { affinity: 'none' },
    commandsPerOperation: { login: {}, read: {}, write: {}, logout: {}, probe: {} },
  },
}));

/** Ends with what `measureAlone` gives; its work prints the findings that it was handed. */
async function measured(folder: string, dryRun: boolean) {
  const intent = { folder, strategies: { named: true, things: strategies } };
  const values = { runtime: 'native', dryRun, json: true };
  const script = `
    const { measureAlone } = await import(${moduleAt('../scripts/cli/measure-alone.ts')});
    const { readEnvironment } = await import(${moduleAt('../scripts/cli/environment.ts')});
    const values = { ...${JSON.stringify(values)}, images: new Map() };
    const request = { values, environment: readEnvironment().environment, commandLine: [] };
    const { nothingToPrepare: prepare } = await import(${moduleAt('../experiment/preparation.ts')});
    const intent = { ...${JSON.stringify(intent)}, describe: () => 'A plan.' };
    const measure = async ({ limits }) => {
      console.log(JSON.stringify(limits.moved));
      return 7;
    };
    process.exitCode = await measureAlone(request, intent, { prepare, measure });`;
  const env = { ...ownEnvironment(), ...here, SESSION_BENCH_BUDGETS: 'store.memory=48' };
  const lock = `test-${process.pid}`;
  return await runProgram(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    env: { ...env, SESSION_BENCH_LOCK: lock },
  });
}

test('a dry run ends as the run would where some that were named cannot run, and tells what changes nothing', async (context) => {
  const { exitCode, stdout, all } = await measured(await temporaryFolder(context), true);
  assert.equal(exitCode, 2, all);
  assert.match(stdout, /^strategy odd: .*nonesuch|^odd: .*nonesuch/m);
  assert.match(stdout, /^SESSION_BENCH_BUDGETS is for containers, and this run is native/m);
});

test('a run that some cannot join begins, and its record gets what changed nothing', async (context) => {
  const { exitCode, stdout, stderr, all } = await measured(await temporaryFolder(context), false);
  assert.equal(exitCode, 7, all);
  const [finding] = JSON.parse(stdout);
  assert.deepEqual(
    [finding.code, finding.message.split(' ', 1)],
    ['without-effect', ['SESSION_BENCH_BUDGETS']],
  );
  assert.match(stderr, /SESSION_BENCH_BUDGETS is for containers/);
});
