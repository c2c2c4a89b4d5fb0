import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readRun } from '../../record/read/run.ts';
import { writeComparedRun } from '../fixtures/compared-run.ts';
import { temporaryFolder } from '../fixtures/temporary.ts';
import { compareWithin } from '../gate/one-run.ts';
import { gateSightWords } from './gate-sight.ts';

const cpu = { metric: 'cpuPerRequest', share: 0.05 } as const;
const read = { metric: 'read.p50', share: 0.05 } as const;
const commands = { metric: 'storeCommandsPerRequest', share: 0.05 } as const;
const memory = { metric: 'memory.store', share: 0.1 } as const;

const fewest = (words: string): number => Number(/--blocks (\d+)/.exec(words)?.[1] ?? 0);

test('blocks that can show nothing are told with those that can, by how much is judged together', () => {
  const cases = [
    [{ withStore: [true], budgets: [cpu] }, 8],
    [{ withStore: [true], budgets: [cpu, read, commands] }, 10],
    [{ withStore: [false], budgets: [cpu, read, commands] }, 9],
    [{ withStore: [true, true, true, false], budgets: [cpu, read, commands] }, 12],
  ] as const;
  for (const [size, least] of cases) {
    const words = (blocks: number) => gateSightWords({ ...size, blocks });
    assert.match(words(1), /^no difference, however large: 1 block cannot show one/);
    assert.equal(fewest(words(least - 1)), least, words(least - 1));
    assert.match(words(least), /^differences of about .+ in CPU per request/);
  }
});

test('without a strategy that can run there is nothing to find', () => {
  assert.match(gateSightWords({ blocks: 36, withStore: [], budgets: [cpu] }), /no strategy can run here/);
});

test('what the plan tells of too few blocks is what the gate then says', async (t) => {
  const budgets = [cpu, read];
  const said = gateSightWords({ blocks: 4, withStore: [true], budgets });
  const folder = await writeComparedRun(
    path.join(await temporaryFolder(t), 'run'),
    { cpu: 3 },
    { blocks: 4 },
  );
  const { outcome, results } = compareWithin(await readRun(folder), budgets);
  assert.equal(outcome, 'inconclusive');
  const [seen] = results.map(({ verdict: { smallestEffect } }) => smallestEffect);
  assert.ok(seen?.kind === 'none');
  assert.equal(fewest(said), seen.blocksForAny);
});

test('more blocks find less, more that is judged hides more, and unknown noise promises nothing', () => {
  const percent = (blocks: number, withStore: readonly boolean[]): number =>
    Number(/and (\d+) % in read/.exec(gateSightWords({ blocks, withStore, budgets: [cpu, read] }))?.[1]);
  assert.ok(percent(36, [true]) < percent(12, [true]));
  assert.ok(percent(36, [true]) > 5 && percent(36, [true]) < 12, `${percent(36, [true])}`);
  assert.ok(percent(12, [true]) < percent(12, [true, true, true, true]));
  assert.match(gateSightWords({ blocks: 36, withStore: [true], budgets: [commands] }), /nothing is known/);
  assert.match(
    gateSightWords({ blocks: 36, withStore: [false], budgets: [commands, memory] }),
    /^no difference, since/,
  );
});
