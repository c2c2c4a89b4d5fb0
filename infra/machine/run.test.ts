import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { suite, test } from 'node:test';
import { isAlive, readProcess } from './process-table.ts';
import { describeEnding, outputOrEnding, type ProgramOptions, runProgram } from './run.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { until } from './until.ts';

const node = (script: string, options?: ProgramOptions, ...args: readonly string[]) =>
  runProgram(process.execPath, ['--eval', script, '--', ...args], options);

/** Arguments of `sh`: starts a child that ignores SIGTERM as it does itself, and writes both process numbers to a file. */
const stubbornTree = (file: string) => [
  '-c',
  'trap "" TERM; sleep 60 & echo "$$ $!" > "$1.new"; mv "$1.new" "$1"; wait',
  'sh',
  file,
];

async function startedTree(file: string) {
  const numbers = await until('the tree has started', 10_000, async () => {
    const text = await readFile(file, 'utf8');
    return text.split(' ').map(Number);
  });
  return numbers.map((pid) => readProcess(pid) ?? assert.fail(`process ${pid} is not there`));
}

test('arguments arrive as they were given, whatever a shell would make of them', async (context) => {
  const folder = temporaryFolder(context);
  const hostile = [
    '',
    ' ',
    "it's",
    '"quoted"',
    'two\nlines\r\n',
    '\t\v\f\b\u0001',
    `$(touch ${folder}/a)`,
    `\`touch ${folder}/b\``,
    `; touch ${folder}/c; #`,
    `' && touch ${folder}/d && '`,
    '-rf',
    '--upload-pack=touch x',
    '$HOME',
    ['$', '{PATH}'].join(''),
    '*',
    '~',
    '{a,b}',
    'back\\slash\\',
    'A=b',
    '!!',
    '%s',
    'Größe 😀',
    'x'.repeat(100_000),
  ];
  const { exitCode, stdout, stderr } = await node(
    'console.log(JSON.stringify(process.argv.slice(1)))',
    {},
    ...hostile,
  );
  assert.equal(exitCode, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), hostile);
  const { stdout: left } = await runProgram('ls', ['-A', folder]);
  assert.equal(left, '');
});

test('a program of a name that a shell would read otherwise runs too', async (context) => {
  const folder = temporaryFolder(context);
  const program = path.join(folder, "it's $(a) A=b;");
  await writeFile(program, '#!/bin/sh\necho ran "$1"\n');
  await chmod(program, 0o755);
  assert.equal((await runProgram(program, ['-x'])).stdout, 'ran -x');
});

test('exit codes, signals and what cannot be started are values', async (context) => {
  const folder = temporaryFolder(context);
  const failed = await node('process.exitCode = 3');
  assert.deepEqual([failed.ending, failed.exitCode], ['exit', 3]);
  assert.match(outputOrEnding(failed), /ended with exit code 3$/);

  const killed = await node('process.kill(process.pid, "SIGKILL")');
  assert.ok(killed.ending === 'killed' && killed.by === 'SIGKILL', describeEnding(killed));

  const missing = await runProgram('no-such-program-here', []);
  assert.deepEqual([missing.ending, missing.exitCode], ['missing', null]);
  assert.equal(describeEnding(missing), 'no-such-program-here is not on PATH');

  const file = path.join(folder, 'text');
  await writeFile(file, 'text');
  const closed = await runProgram(file, []);
  assert.equal(closed.ending, 'unstartable');
  assert.match(describeEnding(closed), /cannot be started: .*EACCES/);

  const impossible = await runProgram('true', ['a\0b']);
  assert.equal(impossible.ending, 'unstartable');
  assert.match(describeEnding(impossible), /null bytes/);
  assert.equal((await runProgram('true', ['x'.repeat(200_000)])).ending, 'unstartable');
});

test('both streams come apart and together in order, whole characters on borders of parts too', async () => {
  // Longer than what the system keeps for a reader: its start was read before its end could be written, and so before
  // the next part was begun.
  const length = 4_000_000;
  const part = (letter: string) => `head -c ${length} /dev/zero | tr '\\0' ${letter}`;
  const script = `${part('a')}; ${part('b')} >&2; ${part('c')}`;
  const { stdout, stderr, all } = await runProgram('sh', ['-c', script]);
  const [a, b, c] = [...'abc'].map((letter) => letter.repeat(length));
  assert.ok(stdout === `${a}${c}` && stderr === b && all.length === 3 * length);
  const order = [...'abc'].map((letter) => all.indexOf(letter));
  assert.ok(order[0] === 0, `${order}`);
  assert.deepEqual(
    order.toSorted((one, other) => one - other),
    order,
  );
  const long = await node("process.stdout.write('x' + '€'.repeat(300_000))");
  assert.ok(long.stdout === `x${'€'.repeat(300_000)}`);
});

test('lines are handed on while the program runs', async () => {
  const lines: string[] = [];
  const { exitCode } = await node("console.log('a\\n\\nb'); process.stdout.write('end')", {
    output: (line) => lines.push(line),
  });
  assert.equal(exitCode, 0);
  assert.deepEqual(lines, ['a', '', 'b', 'end']);
});

test('nothing is printed unless asked for, and then both streams are', async () => {
  const run = path.join(import.meta.dirname, 'run.ts');
  const script = (output: string) => `
    const { runProgram } = await import(${JSON.stringify(run)});
    await runProgram('sh', ['-c', 'echo out; echo err >&2'], { output: '${output}' });
  `;
  const outer = (output: string) =>
    runProgram(process.execPath, ['--input-type=module', '--eval', script(output)]);
  assert.equal((await outer('keep')).all, '');
  const { stdout, stderr } = await outer('show');
  assert.deepEqual([stdout, stderr], ['out', 'err']);
});

test('the environment is what was chosen: a bare one, or the given one and nothing else', async (context) => {
  process.env.SESSION_BENCH_TEST_SECRET = 'of the person';
  context.after(() => delete process.env.SESSION_BENCH_TEST_SECRET);
  const names = async (options?: ProgramOptions) =>
    (await runProgram('/usr/bin/env', [], options)).stdout.split('\n').map((line) => line.split('=')[0]);
  assert.deepEqual(
    (await names()).filter((name) => !/^(PATH|HOME|TMPDIR|LANG)$/.test(name ?? '')),
    [],
  );
  assert.deepEqual(await names({ env: { ONLY: '1', NOT: undefined } }), ['ONLY']);
  assert.ok((await names({ env: process.env })).includes('SESSION_BENCH_TEST_SECRET'));
});

test('standard input is the text that is given, and else is empty', async () => {
  const text = 'select 1;\n'.repeat(50_000);
  assert.equal((await runProgram('cat', [], { input: text })).stdout, text.slice(0, -1));
  assert.equal((await runProgram('cat', [])).stdout, '');
  assert.equal((await runProgram('cat', [], { input: '' })).stdout, '');
  // It ends before it has read anything.
  assert.equal((await runProgram('true', [], { input: 'x'.repeat(1_000_000) })).exitCode, 0);
});

/** A harness of its own that runs the stubborn tree. */
async function harness(file: string, more = '') {
  const run = path.join(import.meta.dirname, 'run.ts');
  const script = `
    const { runProgram } = await import(${JSON.stringify(run)});
    ${more}
    await runProgram('sh', ${JSON.stringify(stubbornTree(file))});
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' });
  return { child, ended: once(child, 'exit'), tree: await startedTree(file) };
}

suite('what a program started ends with it', { concurrency: true }, () => {
  test('a time-out ends the whole tree, also what does not heed SIGTERM', async (context) => {
    const file = path.join(temporaryFolder(context), 'pids');
    const outcome = runProgram('sh', stubbornTree(file), { timeoutMs: 2_000 });
    const tree = await startedTree(file);
    const { ending, exitCode } = await outcome;
    assert.deepEqual([ending, exitCode], ['timeout', null]);
    assert.match(describeEnding(await outcome), /did not end within 2 s$/);
    assert.deepEqual(tree.map(isAlive), [false, false]);
  });

  test('an abort ends it, and one that came before keeps it from starting', async (context) => {
    const file = path.join(temporaryFolder(context), 'pids');
    const controller = new AbortController();
    const outcome = runProgram('sh', stubbornTree(file), { signal: controller.signal, timeoutMs: 60_000 });
    const tree = await startedTree(file);
    controller.abort();
    assert.equal((await outcome).ending, 'aborted');
    assert.deepEqual(tree.map(isAlive), [false, false]);
    const never = await runProgram('touch', [`${file}-2`], { signal: controller.signal });
    assert.equal(never.ending, 'aborted');
    await assert.rejects(readFile(`${file}-2`));
  });

  test('Ctrl-C reaches the harness alone, and ends what it runs where nobody handles it', async (context) => {
    const { child, ended, tree } = await harness(path.join(temporaryFolder(context), 'pids'));
    const [leader] = tree;
    assert.notEqual(leader?.group, readProcess(child.pid ?? 0)?.group);
    assert.equal(leader?.group, leader?.pid);
    child.kill('SIGINT');
    const [, by] = await ended;
    assert.equal(by, 'SIGINT');
    assert.deepEqual(tree.map(isAlive), [false, false]);
  });

  test('where the harness handles a signal itself, that decides; what still runs when it exits is ended', async (context) => {
    const handler = "process.on('SIGTERM', () => setTimeout(() => process.exit(7), 200));";
    const { child, ended, tree } = await harness(path.join(temporaryFolder(context), 'pids'), handler);
    child.kill('SIGTERM');
    const [code] = await ended;
    assert.equal(code, 7);
    await until('the tree has ended', 5_000, () => assert.deepEqual(tree.map(isAlive), [false, false]));
  });
});
