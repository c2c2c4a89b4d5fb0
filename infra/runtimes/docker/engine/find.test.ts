import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FoundEngine, readCompose, tooOld } from './find.ts';

const whatLacks = (found: string | FoundEngine | null): string =>
  typeof found === 'string' || found === null
    ? `${found}`
    : found.status === 'lacking'
      ? found.lack.what
      : '';

test('Compose is taken from 2.20 on, whatever its major version', () => {
  const answers = {
    '2.20.0': '2.20.0',
    '2.26.1-4': '2.26.1-4',
    'v2.40.3-desktop.1': '2.40.3-desktop.1',
    'v5.0.1\n': '5.0.1',
    '5.1.0': '5.1.0',
    '10.0.0': '10.0.0',
    '2.19.9': 'Docker Compose 2.20 or newer',
    '1.29.2': 'Docker Compose 2.20 or newer',
    '': 'Docker Compose',
    'docker: unknown command': 'Docker Compose',
  };
  for (const [answer, expected] of Object.entries(answers))
    assert.equal(whatLacks(readCompose(answer)), expected, answer);
});

test('engines in which newer images cannot start threads are named', () => {
  const lacks = 'Docker Engine 20.10.10 or newer';
  const versions = {
    '19.03.15': lacks,
    '20.10.9': lacks,
    '18.09.1~ce': lacks,
    '20.10.10': 'null',
    '20.10.24+dfsg1': 'null',
    '28.1.1': 'null',
    '29.0.0-rc.1': 'null',
    dev: 'null',
  };
  for (const [version, expected] of Object.entries(versions))
    assert.equal(whatLacks(tooOld(version)), expected, version);
});
