/** Disks that take no more, and readers that leave: what was measured is shown all the same, and nothing ends with a stack. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { SUMMARY_VERSION } from '../record/summary.ts';
import { writeComparedRun } from '../reports/fixtures/compared-run.ts';
import { fixtures } from '../reports/fixtures/index.ts';
import { alone, repository, temporaryFolder, withoutEngine } from './command.ts';
import { collect, type Finished } from './output.ts';

/** Runs a line of bash in which `$bench NAME` is one of our commands. */
async function shell(line: string, within: readonly string[] = []): Promise<Finished> {
  const command = `bench() { "${process.execPath}" "${repository}/scripts/start.mjs" "$@"; }; ${line}`;
  const [program, ...args] = [...within, 'bash', '-c', command];
  const env = { ...process.env, ...alone, ...withoutEngine };
  const child = spawn(program ?? 'bash', args, { cwd: repository, env, stdio: ['ignore', 'pipe', 'pipe'] });
  return await collect(child).ended;
}

const noStack = ({ stderr }: Finished): void => assert.doesNotMatch(stderr, /\n {4}at |itself failed/);

/** A limit on the size of files (KiB) is what a full disk is to a program, and every user may set it. */
test('a report that cannot be written is shown, and what is kept is named', async (t) => {
  const out = await temporaryFolder(t);
  const run = await fixtures.single(path.join(out, 'run'));
  const text = await shell(`ulimit -f 40; bench report ${run}`);
  assert.equal(text.exitCode, 74, text.stderr);
  assert.match(text.stdout, /^At 900 requests\/s, Redis used/);
  assert.match(
    text.stderr,
    /report\.html could not be written to .*Kept in .*run\.json, summary\.json, and 1 trial\./s,
  );
  noStack(text);
  assert.ok((await readdir(run)).every((name) => !name.endsWith('.part')));
  const json = await shell(`ulimit -f 1; bench report ${run} --json --out ${out}/new`);
  assert.equal(json.exitCode, 74);
  assert.equal(JSON.parse(json.stdout).schemaVersion, SUMMARY_VERSION);
  assert.match(json.stderr, /summary\.json could not be written.*Kept in .*: nothing\./s);
});

test('a judgement that cannot be written is shown, and how to make it again is said', async (t) => {
  const run = await writeComparedRun(path.join(await temporaryFolder(t), 'run'), { cpu: 1.3 });
  const judged = await shell(`ulimit -f 1; bench compare ${run}`);
  assert.equal(judged.exitCode, 74, judged.stderr);
  assert.match(judged.stdout, /^\nRegression: /);
  assert.match(judged.stderr, /comparison\.json could not be written/);
  assert.ok(judged.stderr.includes(`npm run compare -- ${run}`), judged.stderr);
  noStack(judged);
});

const full = '/dev/full';

test('a stdout that takes no more ends with 74, and one whose reader has left as if it were read', async (t) => {
  const out = await temporaryFolder(t);
  const run = await fixtures.single(path.join(out, 'run'));
  const slower = await writeComparedRun(path.join(out, 'slower'), { cpu: 1.3 });
  if (existsSync(full)) {
    const lost = await shell(`bench report ${run} --json > ${full}`);
    assert.equal(lost.exitCode, 74);
    assert.match(lost.stderr, /^Stdout could not be written: the disk is full\./);
    noStack(lost);
    assert.ok(existsSync(path.join(run, 'report.html')), 'the files are written all the same');
    for (const form of ['', '--json']) {
      const judged = await shell(`bench compare ${slower} ${form} --out ${out}/judged${form} > ${full}`);
      assert.equal(judged.exitCode, 74, 'nobody has read of the regression');
      assert.ok(existsSync(path.join(out, `judged${form}`, 'comparison.junit.xml')));
    }
    assert.equal((await shell(`bench strategies > ${full} 2> ${full}`)).exitCode, 74);
    assert.equal((await shell(`bench report --nonesuch > ${full} 2> ${full}`)).exitCode, 64);
  }
  const left = await shell(`bench report ${run} --json | true; exit \${PIPESTATUS[0]}`);
  assert.deepEqual([left.exitCode, left.stderr], [0, '']);
  const seen = await shell(`bench compare ${slower} | head -1; exit \${PIPESTATUS[0]}`);
  assert.deepEqual([seen.exitCode, seen.stderr], [1, '']);
});

/** A disk of its own, which is filled once the run measures but for what trials need and a page does not have enough of. */
const filledMeanwhile = (out: string, words: string) => `
  mount -t tmpfs -o size=300m tmpfs ${out}
  bench ${words} --out ${out} & run=$!
  for ((waited = 0; waited < 900; waited++)); do
    grep -qs '"phase":"measure"' ${out}/latest/trials/*/histograms.jsonl && break
    kill -0 $run || break
    read -rt 0.1 <> <(:)
  done
  fallocate -l $(($(stat --file-system --format=%a*%S ${out}) - 600*1024)) ${out}/filler
  code=0; wait $run || code=$?
  ls ${out}/latest; exit $code`;

test('a disk that is full when a run has measured takes the report, and neither the answer nor the trials', {
  skip: process.getuid?.() !== 0 && 'only root can mount a disk',
}, async (t) => {
  const out = await temporaryFolder(t);
  const load = '--preset smoke --blocks 1 --duration 3 --rate 50 --sessions 100';
  const line = filledMeanwhile(out, `bench --runtime native --strategy sticky ${load}`);
  const ended = await shell(line, ['unshare', '--mount']);
  assert.equal(ended.exitCode, 74, ended.stdout + ended.stderr);
  assert.match(ended.stdout, /Sticky/);
  assert.match(
    ended.stderr,
    /report\.html could not be written .*the disk is full.*Kept in .*run\.json.* and 1 trial/s,
  );
  noStack(ended);
});
