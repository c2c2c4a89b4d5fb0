import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { engineResult } from '../../../record/engine.ts';
import { choosePlacement } from '../../machine/placement.ts';
import { processTree } from '../../machine/process-table.ts';
import { provisionK6 } from '../../machine/programs/k6-build.ts';
import type { ManagedDeployment } from '../deployment.ts';
import type { GeneratorEvent, GeneratorOutcome } from '../runtime.ts';
import { deployForTest, strategy, type TestDeployment } from './testing/deploy.ts';

const steady = path.resolve(import.meta.dirname, '../../../scenarios/steady.ts');
const placement = await choosePlacement();
const out = mkdtempSync(path.join(os.tmpdir(), 'generator-'));
let target: TestDeployment | undefined;

before(async () => {
  const built = await provisionK6({ progress: () => {} });
  assert.ok(built.status === 'ready', JSON.stringify(built));
  target = await deployForTest(await strategy('sticky'), placement, built.path);
});
after(async () => {
  await target?.end();
  rmSync(out, { recursive: true });
});

interface Drive {
  readonly script?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  onEvent(event: GeneratorEvent, deployment: ManagedDeployment): Promise<void> | void;
}

function drive({ script = steady, env = {}, signal, onEvent }: Drive): Promise<GeneratorOutcome> {
  const deployment = target?.deployment ?? assert.fail('not deployed');
  return deployment.generate({
    script,
    env: {
      SESSION_TARGET: deployment.url,
      SESSION_RATE: '300',
      SESSION_SESSIONS: '100',
      SESSION_CONNECTIONS: '8',
      SESSION_WARMUP: '1',
      SESSION_DURATION: '2',
      SESSION_SEED: '7',
      SESSION_OUT: out,
      ...env,
    },
    outputFolder: out,
    placement,
    signal: signal ?? new AbortController().signal,
    onEvent: (event) => onEvent(event, deployment),
  });
}

const generators = () =>
  processTree(process.pid).filter(({ pid }) => /\0run\0/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')));

const total = (counts: Awaited<ReturnType<ManagedDeployment['requestCounts']>>) => ({
  balancer: counts.balancer,
  apps: counts.apps.reduce((sum, { login, read, write, logout }) => sum + login + read + write + logout, 0),
});

test('a trial runs to its end, stops at its barriers, and its counts agree with balancer and apps', async () => {
  const phases: string[] = [];
  const counts: ReturnType<typeof total>[] = [];
  const outcome = await drive({
    async onEvent(event, deployment) {
      if (event.type === 'phase') phases.push(event.phase);
      if (event.type === 'barrier') counts.push(total(await deployment.requestCounts()));
    },
  });
  assert.equal(outcome.status, 'finished');
  assert.ok(
    outcome.status === 'finished' && outcome.usage.cpuMicros > 0 && (outcome.usage.memoryBytes ?? 0) > 0,
  );
  assert.deepEqual(phases.slice(0, 3), ['seed', 'warmup', 'measure']);
  assert.equal(phases.at(-1), 'end');
  const engine = engineResult.parse(JSON.parse(readFileSync(path.join(out, 'engine.json'), 'utf8')));
  const [first = assert.fail('no barrier'), second = assert.fail('one barrier')] = counts;
  const { requests } = engine.phases.measure;
  assert.ok(requests > 0);
  assert.deepEqual(
    { balancer: second.balancer - first.balancer, apps: second.apps - first.apps },
    { balancer: requests, apps: requests },
  );
});

test('an interrupted trial ends soon and is told apart', async () => {
  const interruption = new AbortController();
  const outcome = await drive({
    env: { SESSION_DURATION: '600' },
    signal: interruption.signal,
    onEvent(event) {
      if (event.type === 'second' && event.phase === 'measure') interruption.abort();
    },
  });
  assert.equal(outcome.status, 'interrupted');
  assert.deepEqual(generators(), []);
});

test('a trial that was interrupted before it began does not run', async () => {
  const outcome = await drive({ signal: AbortSignal.abort(), onEvent: () => {} });
  assert.equal(outcome.status, 'interrupted');
});

test('a script that fails is told with the last lines of its log', async () => {
  const script = path.join(out, 'broken.ts');
  writeFileSync(script, "export default function () {}\nthrow new Error('no such scenario');\n");
  const outcome = await drive({ script, onEvent: () => {} });
  assert.equal(outcome.status, 'failed');
  assert.match(outcome.status === 'failed' ? outcome.lastLogLines.join('\n') : '', /no such scenario/);
});

test('when a barrier fails, so does the trial, and k6 is ended', async () => {
  const driving = drive({
    onEvent(event) {
      if (event.type === 'barrier') throw new Error('the meter broke');
    },
  });
  await assert.rejects(driving, /the meter broke/);
  assert.deepEqual(generators(), []);
});
