import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownEnvironment } from '../../infra/machine/environment.ts';
import { runProgram } from '../../infra/machine/run.ts';

const moduleAt = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);

/** A command with one option, one operand, and this work. */
async function command(work: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const script = `
    import { z } from 'zod';
    import { UserError } from ${moduleAt('../../record/user-error.ts')};
    import { commandSpec } from ${moduleAt('./command-spec.ts')};
    import { runCommand } from ${moduleAt('./run-command.ts')};
    import { good, texts } from ${moduleAt('./reading.ts')};
    import { wholeNumber } from ${moduleAt('./values.ts')};
    const spec = commandSpec({
      usage: 'npm run it --',
      summary: 'Does it.',
      options: { size: { flags: '--size <N>', description: 'a size', schema: wholeNumber('a size', 1, 9).optional() } },
      operands: { usage: 'NAME', most: 1, schema: texts((names) => good(names)) },
      environment: ['images'],
      examples: ['npm run it'],
    });
    await runCommand(() => spec, async (request) => { ${work} });`;
  const args = ['--input-type=module-typescript', '--eval', script, '--', 'it', ...argv];
  return await runProgram(process.execPath, args, {
    cwd: import.meta.dirname,
    // PATH as commands choose it, so that this one need not start itself anew.
    env: { PATH: ownEnvironment().PATH, ...env },
  });
}

test('the work gets values, operands and the command line, and gives the exit code', async () => {
  const { exitCode, stdout } = await command(
    'console.log(request.values.size, request.operands, request.commandLine.join(" ")); return 7;',
    ['--size', '3', 'a'],
  );
  assert.equal(exitCode, 7);
  assert.equal(stdout.trim(), "3 [ 'a' ] npm run it -- --size 3 a");
});

test('mistakes of the command line and of the environment are reported together, and no work is done', async () => {
  const { exitCode, stdout, stderr } = await command(
    'console.log("worked"); return 0;',
    ['--size', '0', '--sise', 'x'],
    {
      SESSION_BENCH_IMAGES: 'redis',
      // Not of this command.
      SESSION_BENCH_BUDGETS: 'nonsense',
    },
  );
  assert.equal(exitCode, 64);
  assert.equal(stdout, '');
  assert.match(stderr, /There are 3 mistakes:/);
  assert.match(stderr, /unknown option "--sise"\. Did you mean "--size"\?/);
  assert.match(stderr, /--size: "0" is not a size/);
  assert.match(stderr, /SESSION_BENCH_IMAGES: "redis" is no KIND=IMAGE/);
  assert.match(stderr, /Nothing was started\. See "npm run it -- --help"\./);
});

test('help says nothing of mistakes', async () => {
  const { exitCode, stdout } = await command('return 1;', ['--sise', '--help']);
  assert.equal(exitCode, 0);
  assert.match(
    stdout,
    /Usage: npm run it -- \[NAME\] \[options\][\s\S]*--size <N> +a size[\s\S]*docs\/environment\.md/,
  );
});

test('what is no fault of session-bench is reported in one message; all else with its stack', async () => {
  const ended = await command(`throw new UserError('unwritable', 'Too bad. Do this.');`, []);
  assert.deepEqual([ended.exitCode, ended.stderr.trim()], [74, 'Too bad. Do this.']);
  const full = await command(
    `await (await import('node:fs/promises')).writeFile('/dev/full', 'x').catch((cause) => { throw new Error('not started', { cause }); });`,
    [],
  );
  assert.deepEqual([full.exitCode, /the disk is full/.test(full.stderr)], [74, true]);
  assert.doesNotMatch(full.stderr, /\n +at /);
  const { exitCode, stderr } = await command('throw new RangeError("what?");', []);
  assert.equal(exitCode, 70);
  assert.match(stderr, /session-bench itself failed: RangeError: what\?\n +at /);
});

test('a reader that leaves early does not end the work', async () => {
  const work = `
    process.stdout.destroy(Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
    await new Promise((resolve) => setImmediate(resolve));
    console.error('done');
    return 0;`;
  const { exitCode, stderr } = await command(work, []);
  assert.equal(exitCode, 0);
  assert.match(stderr, /done/);
});
