/**
 * Runs of faults that are ended at a random moment, and what they leave: `node tests/faults/seeds.ts [FIRST [LAST]]`, seeds
 * 1 to 20 by default. Each seed draws a fault, a strategy, a moment, and how the run is ended (SIGINT, SIGKILL of the harness
 * alone, or not at all). The next run, a short one of the same strategy, must be valid, and leave no process and no folder.
 * Ends with 0 where all of them are and do.
 */
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../../reports/statistics/random.ts';
import { run, start, untilMeasuring } from '../command.ts';
import { assertEnded, type ProcessInfo } from '../processes.ts';

const faults = {
  'store-kill': ['redis', 'memcached', 'postgres', 'mysql', 'redis-cluster'],
  'store-restart': ['redis', 'memcached', 'postgres', 'mysql', 'redis-cluster'],
  'store-freeze': ['redis', 'memcached', 'postgres', 'mysql', 'redis-cluster'],
  'app-kill': ['sticky', 'redis', 'postgres'],
  'rolling-deploy': ['sticky', 'redis'],
  'balancer-reload': ['sticky', 'redis'],
  'master-kill': ['redis-cluster'],
  'network-cut': ['redis', 'memcached', 'postgres', 'mysql', 'redis-cluster'],
  'memory-full': ['redis', 'redis-cluster'],
} as const;
const endings = ['SIGINT', 'SIGKILL', 'SIGKILL', 'none'] as const;

const pick = <Item>(items: readonly Item[], share: number): Item => {
  const item = items[Math.floor(share * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

async function trySeed(seed: number): Promise<boolean> {
  const random = seededRandom(seed * 7919 + 1_000_003);
  // Seeds that are neighbours begin alike.
  for (let draw = 0; draw < 20; draw += 1) random.uniform();
  const name = pick(Object.keys(faults) as (keyof typeof faults)[], random.uniform()); // Object.keys gives string[].
  const strategy = pick<string>(faults[name], random.uniform());
  const ending = pick(endings, random.uniform());
  const folder = await mkdtemp('/tmp/fault-seeds-');
  // Servers run as another user.
  await chmod(folder, 0o755);
  const out = path.join(folder, 'results');
  const args = [
    '--strategy',
    strategy,
    '--sessions',
    '100',
    '--rate',
    '100',
    '--preset',
    'smoke',
    '--out',
    out,
  ];
  const faulty = start('bench', ['--faults', name, ...args], { TMPDIR: folder });
  const processes = await untilMeasuring(faulty, out);
  if (ending !== 'none') {
    await pause(random.uniform() * 9_000);
    faulty.child.kill(ending);
  }
  const { exitCode } = await faulty.ended;
  const next = await run('bench', args, { TMPDIR: folder });
  const left = [
    ...(await unended(processes)),
    ...(await readdir(folder)).filter((each) => each !== 'results'),
  ];
  const right = next.exitCode === 0 && left.length === 0;
  console.log(
    `seed ${seed}: ${name}, ${strategy}, ended by ${ending} (exit code ${exitCode}); the next run ended with ${next.exitCode}: ` +
      `${right ? 'right' : `WRONG, see ${folder}`}`,
  );
  for (const each of left) console.log(`  ${each}`);
  if (right) await rm(folder, { recursive: true });
  return right;
}

/** What is still alive of a run, in words. */
async function unended(processes: readonly ProcessInfo[]): Promise<readonly string[]> {
  return await assertEnded(processes).then(
    () => [],
    (error: Error) => [error.message],
  );
}

const [first = 1, last = 20] = process.argv.slice(2).map(Number);
let wrong = 0;
for (let seed = first; seed <= last; seed += 1) if (!(await trySeed(seed))) wrong += 1;
console.log(`${last - first + 1 - wrong} of ${last - first + 1} right`);
process.exitCode = wrong === 0 ? 0 : 1;
