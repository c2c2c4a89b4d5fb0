import assert from 'node:assert/strict';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { Progress, TrialStart } from '../../experiment/progress.ts';
import { readRun } from '../../record/read/run.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { writeComparedRun } from '../../reports/fixtures/compared-run.ts';
import { temporaryFolder } from '../../reports/fixtures/temporary.ts';
import { plainProgress } from './progress.ts';

const startOf = (record: TrialRecord): TrialStart => ({
  number: record.number,
  trials: 4,
  title: `trial ${record.number} of 4, ${record.strategy}`,
  rate: 100,
  secondsLeft: 60 - record.number,
});

function linesOf(tell: (progress: Progress) => void): readonly string[] {
  const stream = new PassThrough();
  tell(plainProgress(stream));
  return String(stream.read() ?? '')
    .split('\n')
    .filter((line) => line !== '');
}

test('trials that are measured at the same time each end under their own name, in whatever order', async (t) => {
  const folder = await writeComparedRun(path.join(await temporaryFolder(t), 'run'), {}, { blocks: 1 });
  const { trials } = await readRun(folder);
  const [first, second] = trials.flatMap((trial) => (trial.kind === 'valid' ? [trial.record] : []));
  assert.ok(first && second);
  for (const ended of [
    [first, second],
    [second, first],
  ]) {
    const lines = linesOf((progress) => {
      for (const record of [first, second]) progress.trialStarted(startOf(record));
      for (const record of ended) progress.trialEnded(record);
    });
    assert.deepEqual(
      lines.map((line) => line.slice(0, line.indexOf(':'))),
      ended.map((record) => startOf(record).title),
    );
    assert.ok(
      lines.every((line, index) => line.endsWith(`0:${60 - (ended[index]?.number ?? 0)} left at its start`)),
    );
  }
});
