import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import type { GeneratorEvent } from '../runtime.ts';
import { ControlChannel, parseEvent } from './control-channel.ts';

async function open(
  t: TestContext,
  onEvent: (event: GeneratorEvent) => Promise<void> | void,
  faults: Error[] = [],
): Promise<{ readonly channel: ControlChannel; readonly client: Socket }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'channel-'));
  const file = path.join(folder, 'control.sock');
  const channel = await ControlChannel.listen(file, onEvent, (error) => faults.push(error));
  const client = connect(file);
  t.after(async () => {
    client.destroy();
    await channel.close();
    rmSync(folder, { recursive: true });
  });
  await once(client, 'connect');
  return { channel, client };
}

const barrier = (name: string) => `${JSON.stringify({ type: 'barrier', name })}\n`;

test('a barrier is passed when its handler has done its work, and events come in order, also in pieces', async (t) => {
  const seen: string[] = [];
  const { client } = await open(t, async (event) => {
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(event.type);
  });
  const answers = createInterface({ input: client });
  const text = `{"type":"phase","phase":"warmup"}\n${barrier('before-measure')}`;
  client.write(text.slice(0, 20));
  client.write(text.slice(20));
  const [answer] = await once(answers, 'line');
  assert.deepEqual(JSON.parse(answer), { type: 'go', name: 'before-measure' });
  assert.deepEqual(seen, ['phase', 'barrier']);
});

test('a handler that fails is told, and its barrier stays closed', async (t) => {
  const faults: Error[] = [];
  const { channel, client } = await open(t, () => Promise.reject(new Error('the meter broke')), faults);
  let answered = false;
  client.on('data', () => {
    answered = true;
  });
  client.end(barrier('after-measure'));
  await once(client, 'close');
  await channel.close();
  assert.deepEqual(
    faults.map(({ message }) => message),
    ['the meter broke'],
  );
  assert.equal(answered, false);
});

test('what is no event is a fault that shows the line', () => {
  assert.throws(() => parseEvent('{"type":"phase","phase":"lunch"}'), /lunch/);
  assert.throws(() => parseEvent('{"type":'), /no JSON/);
});
