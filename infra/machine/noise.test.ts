import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';
import { type LoudUser, loudWords } from '../../record/noise.ts';
import type { CpuTimes } from './host.ts';
import { type Activity, noiseBetween, type OwnProcess, thisMachine } from './noise.ts';
import { type ProcessEntry, readProcess } from './process-table.ts';
import { until } from './until.ts';

const SELF = 10;
const notOwn: OwnProcess = () => false;

const entry = (
  pid: number,
  name: string,
  parent: number,
  ownTicks: number,
  reapedTicks = 0,
): ProcessEntry => ({
  pid,
  name,
  parent,
  group: pid,
  state: 'R',
  startTicks: pid,
  ownTicks,
  reapedTicks,
});

/** So many seconds on two cores, each wholly used or not. */
const cpu = (seconds: number, busySeconds: number, steal = 0): CpuTimes => {
  const total = seconds * 200;
  const busy = busySeconds * 100;
  return { total, idle: total - busy - steal * 100, steal: steal * 100, interrupts: 0, cores: 2 };
};

const at = (times: CpuTimes, ...entries: readonly ProcessEntry[]): Activity => ({
  cpu: times,
  processes: new Map(entries.map((each) => [each.pid, each])),
});

interface Case {
  readonly before: Activity;
  readonly after: Activity;
  readonly words: string;
  readonly share: number;
}

const self = entry(SELF, 'node', 1, 50);
const init = entry(1, 'init', 0, 10, 1_000);

/** In each two seconds pass on two cores. */
const cases: Readonly<Record<string, Case>> = {
  'a program is named with its share of a core': {
    before: at(cpu(0, 0), self, entry(12_222, 'apt-cache', 1, 500)),
    after: at(cpu(2, 1.24), self, entry(12_222, 'apt-cache', 1, 624)),
    words: 'apt-cache (pid 12222) 62 % of a core',
    share: 0.31,
  },
  'one that began meanwhile counts with all its time': {
    before: at(cpu(0, 0), self),
    after: at(cpu(2, 2), self, entry(30, 'cc1', 1, 200)),
    words: 'cc1 (pid 30) 100 % of a core',
    share: 0.5,
  },
  'a number that was given to another process does not lend it a past': {
    before: at(cpu(0, 0), self, { ...entry(30, 'old', 1, 9_000), startTicks: 1 }),
    after: at(cpu(2, 1), self, entry(30, 'new', 1, 100)),
    words: 'new (pid 30) 50 % of a core',
    share: 0.25,
  },
  'children that ended are in the time of who waited for them': {
    before: at(cpu(0, 0), self, entry(40, 'make', 1, 5, 300)),
    after: at(cpu(2, 2), self, entry(40, 'make', 1, 5, 500)),
    words: 'make (pid 40) 100 % of a core',
    share: 0.5,
  },
  'what a child had used before is nobody’s noise now, however deep it was': {
    before: at(
      cpu(0, 0),
      init,
      self,
      entry(40, 'sh', 1, 1),
      entry(41, 'make', 40, 2, 30),
      entry(42, 'cc1', 41, 800),
    ),
    after: at(cpu(2, 1), init, self, entry(40, 'sh', 1, 1, 932)),
    words: 'sh (pid 40) 50 % of a core',
    share: 0.25,
  },
  'a service that ends after years does not make its manager loud': {
    before: at(cpu(0, 0), init, self, entry(50, 'old', 1, 90_000)),
    after: at(cpu(2, 0), { ...init, reapedTicks: 91_000 }, self),
    words: '',
    share: 0,
  },
  'the run itself and its descendants are nobody’s noise': {
    before: at(cpu(0, 0), self, entry(60, 'redis-server', SELF, 5), entry(61, 'k6', 60, 5)),
    after: at(
      cpu(2, 3),
      entry(SELF, 'node', 1, 150),
      entry(60, 'redis-server', SELF, 105),
      entry(61, 'k6', 60, 105),
    ),
    words: '',
    share: 0,
  },
  'what nobody is seen to have used is of processes that cannot be seen': {
    before: at(cpu(0, 0), self),
    after: at(cpu(2, 1.8), self),
    words: 'processes that cannot be seen 90 % of a core',
    share: 0.45,
  },
  'so it is beside one that can be seen': {
    before: at(cpu(0, 0), self, entry(30, 'cc1', 1, 0)),
    after: at(cpu(2, 2), self, entry(30, 'cc1', 1, 100)),
    words: 'cc1 (pid 30) 50 % of a core, processes that cannot be seen 50 %',
    share: 0.5,
  },
  'interrupts are no process': {
    before: at(cpu(0, 0), self),
    after: at({ ...cpu(2, 1), interrupts: 100 }, self),
    words: '',
    share: 0.25,
  },
  'other machines of the host are told apart': {
    before: at(cpu(0, 0), self),
    after: at(cpu(2, 0, 1), self),
    words: 'other machines of this host 50 % of a core',
    share: 0,
  },
  'of many the three loudest are named': {
    before: at(cpu(0, 0), self, ...[1, 2, 3, 4].map((each) => entry(100 + each, `p${each}`, 1, 0))),
    after: at(cpu(2, 2), self, ...[1, 2, 3, 4].map((each) => entry(100 + each, `p${each}`, 1, 20 * each))),
    words: 'p4 (pid 104) 40 % of a core, p3 (pid 103) 30 %, p2 (pid 102) 20 %',
    share: 0.5,
  },
  'a name is printed without what a terminal would obey': {
    before: at(cpu(0, 0), self, entry(30, '', 1, 0)),
    after: at(cpu(2, 1), self, entry(30, '\u001b[2Jé\n', 1, 100)),
    words: '?[2Jé? (pid 30) 50 % of a core',
    share: 0.25,
  },
};

test('who is loud between two readings, and how loud all are', () => {
  for (const [name, { before, after, words, share }] of Object.entries(cases)) {
    const noise = noiseBetween(before, after, notOwn, SELF) ?? assert.fail(name);
    assert.equal(loudWords(noise.loud), words, name);
    assert.ok(Math.abs(noise.foreignShare - share) < 0.001, `${name}: ${noise.foreignShare}`);
    assert.equal(noise.seconds, 2);
  }
});

test('what the runtime calls its own is not loud, and only what worked is asked for', () => {
  const asked: number[] = [];
  const isOwn: OwnProcess = ({ pid, name }) => {
    asked.push(pid);
    return name === 'dockerd';
  };
  const [before, after] = [0, 100].map((ticks) =>
    at(
      cpu(ticks / 50, ticks / 50),
      self,
      entry(30, 'dockerd', 1, ticks),
      entry(31, 'cc1', 1, ticks),
      entry(32, 'idle', 1, 7),
    ),
  );
  assert.ok(before && after);
  const noise = noiseBetween(before, after, isOwn, SELF);
  assert.equal(loudWords(noise?.loud ?? []), 'cc1 (pid 31) 50 % of a core');
  assert.equal(noise?.foreignShare, 0.25);
  assert.deepEqual(asked, [30, 31]);
});

test('a system that does not tell, or two readings of one moment, say nothing', () => {
  const known = at(cpu(2, 1), self);
  assert.equal(noiseBetween({ ...known, cpu: null }, known, notOwn), null);
  assert.equal(noiseBetween(known, { ...known, cpu: null }, notOwn), null);
  assert.equal(noiseBetween(known, known, notOwn), null);
});

test('a real program that works is named, and time passes until the signal', async () => {
  const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  const pid = child.pid ?? assert.fail('not started');
  const read = async (): Promise<Activity> => {
    const found = readProcess(pid) ?? assert.fail('it ended');
    return { cpu: await thisMachine.cpuTimes(), processes: new Map([[pid, found]]) };
  };
  try {
    const before = await read();
    const named = await until('it has worked', 20_000, async (): Promise<LoudUser> => {
      const noise = noiseBetween(before, await read(), notOwn, 0);
      return noise?.loud.find((user) => user.kind === 'process') ?? assert.fail('nobody is loud');
    });
    assert.ok(named.kind === 'process' && named.pid === pid);
    assert.equal(named.name, path.basename(process.execPath));
    assert.ok(thisMachine.processes().has(pid));
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await thisMachine.pass(3_600_000, AbortSignal.abort());
});
