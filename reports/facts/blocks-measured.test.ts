import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readRun } from '../../record/read/run.ts';
import { reasonOf } from '../../record/reasons.ts';
import type { RunRecord } from '../../record/run.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { writeComparedRun } from '../fixtures/compared-run.ts';
import { inventedStrategies, writeRunFolder } from '../fixtures/run-folder.ts';
import { temporaryFolder } from '../fixtures/temporary.ts';
import { compareWithin } from '../gate/one-run.ts';
import { compareRuns } from '../gate/two-runs.ts';
import { settingOf } from '../gate/words.ts';
import { markdown } from '../render/markdown.ts';
import { reportOf } from '../report.ts';

const interrupted = (record: RunRecord): RunRecord => ({ ...record, status: 'interrupted' });
/** The second block was under way, the others are still to come. */
const after =
  (whole: number) =>
  (record: TrialRecord): TrialRecord =>
    record.block > whole
      ? { ...record, status: 'invalid', reasons: [reasonOf('interrupted', 'the run was interrupted')] }
      : record;

test('the head of what was interrupted says how many blocks were measured', async (t) => {
  const parent = await temporaryFolder(t);
  const compared = async (name: string, whole: number, run = interrupted) =>
    readRun(await writeComparedRun(path.join(parent, name), {}, { blocks: 10, trial: after(whole), run }));
  const gate = compareWithin(await compared('gate', 1), []);
  assert.match(settingOf(gate), /, 1 of 10 blocks of 1 s trials, .* · interrupted$/);
  assert.equal(gate.blocks, 10);
  const none = compareWithin(await compared('none', 0), []);
  assert.match(settingOf(none), /, 0 of 10 blocks .* · interrupted$/);
  const killed = (record: RunRecord): RunRecord => ({ ...record, status: 'running' });
  assert.match(settingOf(compareWithin(await compared('killed', 3, killed), [])), /, 3 of 10 .*interrupted$/);
  const whole = compareWithin(await compared('whole', 10, (record) => record), []);
  assert.match(settingOf(whole), /, 10 blocks of 1 s trials, both sides at the same time\.$/);
  assert.match(settingOf({ ...gate, blocksMeasured: null }), /, 10 blocks .* · interrupted$/);
});

test('so do the heads of a bench, and of two stored runs', async (t) => {
  const parent = await temporaryFolder(t);
  const made = async (name: string, whole: number, run: (record: RunRecord) => RunRecord) =>
    readRun(
      await writeRunFolder(path.join(parent, name), {
        strategies: inventedStrategies.slice(0, 2),
        blocks: 5,
        measureSeconds: 1,
        rate: 200,
        trial: after(whole),
        run,
      }),
    );
  const [short, whole] = [await made('short', 1, interrupted), await made('whole', 5, (record) => record)];
  assert.match(markdown(reportOf(short).document), /1 of 5 blocks at 200\/s, trials of .*interrupted/);
  assert.match(markdown(reportOf(whole).document), / 5 blocks at 200\/s, trials of /);
  assert.match(settingOf(compareRuns(whole, short, [])), /, 1 of 5 blocks of .* · interrupted$/);
});
