/** The whole command on real deployments: what is unsafe is found in its cells, and what is sound holds. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { type VerificationRecord, verificationRecord } from '../../record/verification.ts';
import { repository, run, temporaryFolder } from '../command.ts';

const cells = ({ strategies }: VerificationRecord, name: string, wanted: string) =>
  strategies
    .find((each) => each.name === name)
    ?.checks.filter(({ outcome }) => outcome === wanted)
    .map(({ id }) => id);

test('a store that never expires and logs ids is found out, and Redis holds', async (context) => {
  const out = await temporaryFolder(context);
  const { exitCode, stdout, stderr } = await run(
    'verify',
    ['--strategy', 'unsafe', '--strategy', 'redis', '--json', '--out', out],
    { SESSION_BENCH_STRATEGIES: path.join(repository, 'tests/verify/strategies') },
  );
  assert.equal(exitCode, 1, `${stdout}\n${stderr}`);
  const record = verificationRecord.parse(JSON.parse(stdout));
  assert.deepEqual(cells(record, 'unsafe', 'broken'), ['idle-timeout', 'ids-in-logs'], stderr);
  assert.deepEqual(cells(record, 'redis', 'broken'), [], stderr);
  // That writes at once are lost is a matter of chance.
  const limits = cells(record, 'redis', 'limit')?.filter((id) => id !== 'lost-updates');
  assert.deepEqual(limits, ['cookie-secure', 'affinity-cookie'], stderr);
  const file = (name: string) => readFile(path.join(out, 'verifications', record.id, name), 'utf8');
  assert.deepEqual(verificationRecord.parse(JSON.parse(await file('verification.json'))), record);
  assert.ok((await file('verification.junit.xml')).includes('failures="2"'));
  assert.ok((await file('verification.md')).includes('how to mend it'));
});
