/** An engine that is there, and lacks Compose. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsEngine } from './engine.ts';
import { commandThat, lackOf } from './lacking.ts';

test('an engine without Compose, and one with a Compose that is too old', needsEngine, async (context) => {
  const missing = await lackOf({ PATH: await commandThat(context, 'exit 1') });
  assert.equal(missing.what, 'Docker Compose');
  assert.match(missing.remedy, /docker-compose-plugin/);
  const old = await lackOf({ PATH: await commandThat(context, '[ "$1" = compose ] && echo 2.3.4') });
  assert.match(old.what, /2\.20 or newer/);
  assert.match(old.why, /2\.3\.4/);
});
