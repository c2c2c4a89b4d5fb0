/** Counts that nobody has are unknown; those of trials that never came to be measured, or were left behind, are told as what they are. */
import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { noPacing } from '../../record/engine.ts';
import { readRun } from '../../record/read/run.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { inventedStrategies, type RunFolderOptions, writeRunFolder } from '../fixtures/run-folder.ts';
import { reportedWith, temporaryFolder } from '../fixtures/temporary.ts';
import { junit } from '../render/junit.ts';
import { markdown } from '../render/markdown.ts';
import { type Report, reportOf } from '../report.ts';

const few = {
  ...{ blocks: 1, measureSeconds: 1, rate: 200 },
  strategies: inventedStrategies.filter(({ name }) => name === 'redis' || name === 'sticky'),
} as const;

const strategyOf = ({ summary }: Report, name: string) => {
  const found = summary.strategies.find((each) => each.name === name);
  assert.ok(found);
  return found;
};

const body = '{"type":"about:blank","status":503}';
const shut = (record: TrialRecord): TrialRecord =>
  record.strategy === 'redis'
    ? {
        ...record,
        status: 'invalid',
        reasons: [
          {
            code: 'logins-failed',
            message: `the population could not log in: 200 of 263 logins failed, the last with status 503: ${body}; look at the logs`,
            remedy: 'Read the logs.',
          },
          {
            code: 'store-failed',
            message: 'the store failed 200 times with "set: no"',
            remedy: 'See the logs.',
          },
        ],
        operations: {},
        pacing: { ...noPacing, generatorCpuShare: 0 },
        achievedRate: 0,
        before: {
          login: {
            count: 263,
            errors: { timeout: 0, connection: 0, server: 200, protocol: 0 },
            violations: { lost: 0, stale: 0, resurrected: 0, crossed: 0 },
          },
        },
        requests: { generator: 0, balancer: null, byBalancer: null, apps: null },
      }
    : record;

test('a store that lets nobody log in has errors, and no requests that were measured', async (context) => {
  const report = await reportedWith(context, { ...few, trial: shut });
  const { status, errors, requests } = strategyOf(report, 'redis');
  assert.deepEqual([status, errors?.server, requests.generator], ['failed', 200, null]);
});

test('what programs wrote is told once, and the cause goes into JUnit too, in sentences', async (context) => {
  const { document, summary } = await reportedWith(context, { ...few, trial: shut });
  const told = summary.findings.map(({ message }) => message).join('\n');
  assert.equal(told.split('about:blank').length - 1, 1, told);
  assert.equal(told.split('left out (').length - 1, 1, told);
  assert.doesNotMatch([summary.answer, ...summary.details].join(' '), /about:blank/);
  assert.match(
    junit(document),
    /look at the logs\. Read the logs\.&#10;Behind that: the store failed 200 times/,
  );
});

type Damage = (trial: string) => Promise<void>;

/** A run of one trial of each strategy, of which the one of Redis is damaged. */
async function damaged(
  context: TestContext,
  damage: Damage,
  options: RunFolderOptions = {},
): Promise<Report> {
  const folder = await writeRunFolder(path.join(await temporaryFolder(context), 'run'), {
    ...few,
    ...options,
  });
  const trials = path.join(folder, 'trials');
  const name = (await readdir(trials)).find((each) => each.endsWith('-redis'));
  assert.ok(name);
  await damage(path.join(trials, name));
  return reportOf(await readRun(folder));
}

const cutOff: Damage = (trial) => writeFile(path.join(trial, 'trial.json'), '{');

test('a damaged trial is counted by the engine where it can be, and else unknown: the store is not to blame', async (context) => {
  const byEngine = await damaged(context, cutOff);
  assert.deepEqual(strategyOf(byEngine, 'redis').errors, {
    timeout: 0,
    connection: 0,
    server: 0,
    protocol: 0,
  });
  const saidOf = ({ summary: { answer, details } }: Report): string => [answer, ...details].join(' ');
  assert.doesNotMatch(saidOf(byEngine), /could be read/);
  const unknown = await damaged(context, async (trial) => {
    await cutOff(trial);
    await rm(path.join(trial, 'engine.json'));
  });
  assert.deepEqual(
    [strategyOf(unknown, 'redis').errors, strategyOf(unknown, 'redis').violations],
    [null, null],
  );
  assert.match(saidOf(unknown), /what Redis keeps is unknown, since the files of its trials cannot be used/i);
  assert.match(markdown(unknown.document), /\| Redis \| \(invalid\)( \| —)+ \| 0 of 1 \|/);
});

test('trials that are gone from a finished run are missing; a run that ended did not come to them', async (context) => {
  const gone: Damage = (trial) => rm(trial, { recursive: true });
  const codesOf = (report: Report) => strategyOf(report, 'redis').reasons.map(({ code }) => code);
  const finished = await damaged(context, gone);
  assert.deepEqual(codesOf(finished), ['missing-trials']);
  const ended = await damaged(context, gone, { run: (record) => ({ ...record, status: 'interrupted' }) });
  assert.deepEqual(codesOf(ended), ['not-reached']);
  assert.ok(
    ended.summary.findings.some(({ message }) => message.includes('was not measured: the run ended')),
  );
});

test('what fails in a trial that a killed run left behind is not the strategy’s; an interrupted one is', async (context) => {
  const failing: Damage = async (trial) => {
    await rm(path.join(trial, 'trial.json'));
    const file = path.join(trial, 'engine.json');
    const engine = JSON.parse(await readFile(file, 'utf8'));
    const { read } = engine.phases.measure.operations;
    Object.assign(read.errors, { connection: 2 });
    Object.assign(read.violations, { lost: 1, crossed: 1 });
    await writeFile(file, JSON.stringify(engine));
  };
  const of = async (status: 'running' | 'interrupted') => {
    const report = await damaged(context, failing, { run: (record) => ({ ...record, status }) });
    const { errors, violations } = strategyOf(report, 'redis');
    const isTold = report.summary.findings.some(({ message }) => message.includes('are not counted'));
    return [errors?.connection, violations?.lost, violations?.crossed, isTold];
  };
  assert.deepEqual(await of('running'), [0, 0, 1, true]);
  assert.deepEqual(await of('interrupted'), [2, 1, 1, false]);
});

test('from one read nothing is said that a table leaves out, nor that sessions were kept', async (context) => {
  const { summary, document } = await reportedWith(context, { ...few, rate: 1 });
  assert.match(summary.answer, /^At 1 request\/s/);
  assert.doesNotMatch(summary.answer, /typical read|kept/);
  assert.doesNotMatch(markdown(document), /No strategy has a valid trial/);
});
