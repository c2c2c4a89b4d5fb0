/** What the topologies say of losses, in the words of the wishes, is what docs/choosing.md tells. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { aloneOnPaper, withCopyOnPaper } from '../../advice/evidence/on-paper.ts';
import type { Loss } from '../../advice/wishes/losses.ts';
import { onPaperOf } from '../../infra/on-paper.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { baseName, withVariants } from '../../infra/variants.ts';

const strategies = withVariants(await discoverStrategies());

const words: Readonly<Record<string, Loss | null>> = {
  nothing: 'none',
  'the last second': 'second',
  "one app's": 'node',
  all: 'all',
  '–': null,
};

const page = await readFile(path.join(import.meta.dirname, '../../docs/choosing.md'), 'utf8');
const [, table = ''] = page.split('| strategy | a restart of an app |');
const rows = table
  .split('\n\n')[0]
  ?.split('\n')
  .slice(2)
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

/** `…@aof-always` is of every strategy that has the variant. */
const named = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, name = '']) =>
    name.startsWith('…')
      ? strategies.flatMap((each) => (each.name.endsWith(name.slice(1)) ? [each.name] : []))
      : [name],
  );

test('the table has rows', () => assert.ok((rows?.length ?? 0) > 5));

for (const [cell = '', app = '', store = '', power = '', zone = '', copy = ''] of rows ?? [])
  for (const name of named(cell))
    test(`on paper: ${name}`, () => {
      const strategy = strategies.find((each) => each.name === name) ?? assert.fail(`there is no ${name}`);
      const known = { onPaper: onPaperOf(strategy) };
      const alone = aloneOnPaper(known);
      assert.equal(alone['app-restart'], words[app]);
      // Where there are no servers, none can end.
      assert.equal(alone['store-restart'], store === '–' ? 'none' : words[store]);
      assert.equal(alone['power-cut'], words[power]);
      assert.equal(alone.zone, words[zone]);
      const withCopy = withCopyOnPaper(known)?.['store-restart'] ?? null;
      assert.equal(withCopy, copy === 'has one' ? alone['store-restart'] : words[copy]);
    });

test('the table has every strategy, and every variant that differs from its strategy', () => {
  const told = (rows ?? []).flatMap(([cell = '']) => named(cell));
  for (const strategy of strategies) {
    const base = strategies.find(({ name }) => name === baseName(strategy.name)) ?? assert.fail();
    const of = (each: typeof strategy) => aloneOnPaper({ onPaper: onPaperOf(each) });
    if (strategy === base || JSON.stringify(of(strategy)) !== JSON.stringify(of(base)))
      assert.ok(told.includes(strategy.name), strategy.name);
  }
});
