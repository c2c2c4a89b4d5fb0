/**
 * Runs of faults that are ended at a random moment, and what they leave: `node tests/faults/seeds.ts [FIRST [LAST]]`, seeds
 * 1 to 20 by default. Each seed draws a fault, a strategy, a moment, and how the run is ended (SIGINT, SIGKILL of the harness
 * alone, or not at all). The next run, a short one of the same strategy, must be valid, and leave no process and no folder.
 * Ends with 0 where all of them are and do.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../../reports/statistics/random.ts';

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

const root = path.resolve(import.meta.dirname, '../..');

function begin(args: readonly string[], folder: string): ChildProcess {
  return spawn(
    process.execPath,
    [path.join(root, 'scripts/bench/index.ts'), ...args, '--preset', 'smoke', '--runtime', 'native'],
    {
      cwd: root,
      env: {
        ...process.env,
        TMPDIR: folder,
        SESSION_BENCH_NOISE: 'tolerate',
        SESSION_BENCH_LOCK: 'fault-seeds',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
}

/** Processes that have the folder in their command, environment or working directory. */
async function processesOf(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid) continue;
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    const texts = [
      await read('cmdline'),
      await read('environ'),
      await readlink(`/proc/${pid}/cwd`).catch(() => ''),
    ];
    if (texts.some((text) => text.includes(folder)))
      found.push(`${pid} ${texts[0]?.replaceAll('\0', ' ').slice(0, 80)}`);
  }
  return found;
}

const pick = <Item>(items: readonly Item[], share: number): Item => {
  const item = items[Math.floor(share * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

/** A trial's folder is made as it begins. */
const hasTrial = async (out: string): Promise<boolean> =>
  (await readdir(out, { recursive: true }).catch(() => [])).some((name) => /trials\/\d/.test(name));

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
  const sizes = ['--strategy', strategy, '--sessions', '100', '--rate', '100', '--out', out];
  const run = begin(['--faults', name, ...sizes], folder);
  const ended = once(run, 'exit');
  const measuring = (async () => {
    while (run.exitCode === null && !(await hasTrial(out))) await pause(50);
  })();
  await Promise.race([measuring, ended]);
  if (ending !== 'none' && run.exitCode === null) {
    await pause(500 + random.uniform() * 9_000);
    run.kill(ending);
  }
  const [code, signal] = await ended;
  const alive = (await processesOf(folder)).length;
  const next = begin(sizes, folder);
  const [nextCode] = await once(next, 'exit');
  const left = await processesOf(folder);
  const folders = (await readdir(folder)).filter((each) => each !== 'results');
  const right = nextCode === 0 && left.length === 0 && folders.length === 0;
  console.log(
    `seed ${seed}: ${name}, ${strategy}, ended by ${ending} (${signal ?? code}), ${alive} processes alive; the next run ended with ${nextCode} and left ` +
      `${left.length} processes, ${folders.length} folders: ${right ? 'right' : 'WRONG'}`,
  );
  for (const each of left) console.log(`  ${each}`);
  if (right) await rm(folder, { recursive: true });
  else console.log(`  ${folder}`);
  return right;
}

const [first = 1, last = 20] = process.argv.slice(2).map(Number);
let wrong = 0;
for (let seed = first; seed <= last; seed += 1) if (!(await trySeed(seed))) wrong += 1;
console.log(`${last - first + 1 - wrong} of ${last - first + 1} right`);
process.exitCode = wrong === 0 ? 0 : 1;
