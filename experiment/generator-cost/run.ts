/** What the generator itself costs, beside wrk and k6's own HTTP client, on one target in one run. */
import { type Cores, chooseCores } from './cores.ts';
import { allGenerators, engineName, type Generator, type Load, type Pace } from './generators.ts';
import { measureMemory, measureWindow } from './measure.ts';
import { describeMachine, providePrograms } from './programs.ts';
import type { Findings, Measured } from './table.ts';
import { Target } from './target-process.ts';

const connections = 32;
const memoryMarks = [100_000, 1_000_000, 2_500_000];
/** Seconds that a generator's own start and end may take around the window. */
const AROUND_WINDOW_SECONDS = 60;
/** Longer than reaching the last mark takes. */
const MEMORY_SECONDS = 1800;

export interface Sizes {
  readonly rounds: number;
  /** Length of each window. */
  readonly seconds: number;
  /** The fixed rates, in requests per second. */
  readonly rates: readonly number[];
}

/** @throws UserError when k6 cannot be had, or there is one core only */
export async function measureGenerators(
  { rounds, seconds, rates }: Sizes,
  say: (line: string) => void,
): Promise<Findings> {
  const [programs, cores] = await Promise.all([providePrograms(say), chooseCores()]);
  const generators = allGenerators(programs);
  const target = await Target.start(cores.target);
  const place = { cores, target, seconds };
  try {
    const windows: Measured[] = [];
    for (let round = 0; round < rounds; round += 1)
      windows.push(...(await measureRound(generators, ['closed', ...rates], place, round, say)));
    say(`memory after ${memoryMarks.map((mark) => mark.toLocaleString('en')).join(' and ')} requests`);
    return {
      windows,
      memory: await measureOwnMemory(generators, place),
      paces: ['closed', ...rates],
      rounds,
      windowSeconds: seconds,
      connections,
      machine: await describeMachine(programs),
      date: new Date().toISOString().slice(0, 10),
    };
  } finally {
    await target.stop();
  }
}

interface Place {
  readonly cores: Cores;
  readonly target: Target;
  /** Length of each window. */
  readonly seconds: number;
}

/** Each pace with each generator, one after the other: what disturbs the machine disturbs those beside each other. */
async function measureRound(
  generators: readonly Generator[],
  paces: readonly Pace[],
  { cores, target, seconds }: Place,
  round: number,
  say: (line: string) => void,
): Promise<readonly Measured[]> {
  // Each round begins with another generator, so that none is always first.
  const first = round % generators.length;
  const inTurn = [...generators.slice(first), ...generators.slice(0, first)];
  const measured: Measured[] = [];
  for (const pace of paces) {
    for (const generator of inTurn) {
      const load = loadOn(target, pace, seconds + AROUND_WINDOW_SECONDS);
      const window = await measureWindow(generator, load, cores, target, seconds);
      if (window === null) continue;
      measured.push({ generator: generator.name, pace, round, window });
      const { cpuMicrosPerRequest: cost, requestsPerSecond: speed } = window;
      const kind = pace === 'closed' ? pace : `at ${pace}/s`;
      say(
        `round ${round + 1}, ${kind}: ${generator.name}: ${cost.toFixed(1)} µs, ${Math.round(speed)} requests/s`,
      );
    }
  }
  return measured;
}

const loadOn = ({ url, cookie }: Target, pace: Pace, seconds: number): Omit<Load, 'out'> => ({
  pace,
  url,
  cookie,
  connections,
  seconds,
});

async function measureOwnMemory(
  generators: readonly Generator[],
  { cores, target }: Place,
): Promise<Findings['memory']> {
  const own = generators.find(({ name }) => name === engineName);
  const invocation = own?.invoke({ ...loadOn(target, 'closed', MEMORY_SECONDS), out: null });
  if (!invocation) throw new Error('our own generator is not among the generators');
  const usual = await measureMemory(invocation, cores.generator, target, memoryMarks);
  return memoryMarks.map((requests, index) => ({ requests, bytes: usual[index] ?? 0 }));
}
