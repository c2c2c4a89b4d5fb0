/** What the generator itself costs, beside wrk and k6's own HTTP client, on one target in one run. */
import { allGenerators, engineName, type Generator, type Load } from './generators.ts';
import { measureMemory, measureWindow, type Window } from './measure.ts';
import { describeMachine, providePrograms } from './programs.ts';
import type { Findings, Row } from './table.ts';
import { Target } from './target-process.ts';

const connections = 32;
const generatorCore = 0;
const targetCore = 1;
const memoryMarks = [100_000, 1_000_000, 2_500_000];
/** Seconds that a generator's own start and end may take around the window. */
const AROUND_WINDOW_SECONDS = 60;
/** Longer than reaching the last mark takes. */
const MEMORY_SECONDS = 1800;

export interface Sizes {
  readonly rounds: number;
  /** Length of each window. */
  readonly seconds: number;
  /** Requests per second of the fixed rate. */
  readonly rate: number;
}

/** @throws UserError when a program that is compared cannot be had */
export async function measureGenerators(sizes: Sizes, say: (line: string) => void): Promise<Findings> {
  const programs = await providePrograms(say);
  const generators = allGenerators(programs.k6, programs.wrk);
  const target = await Target.start(targetCore);
  try {
    const rows = await measureRounds(generators, target, sizes, say);
    say(`memory after ${memoryMarks.map((mark) => mark.toLocaleString('en')).join(' and ')} requests`);
    return {
      rows,
      memory: await measureOwnMemory(generators, target),
      rate: sizes.rate,
      rounds: sizes.rounds,
      windowSeconds: sizes.seconds,
      connections,
      machine: await describeMachine(programs),
      date: new Date().toISOString().slice(0, 10),
    };
  } finally {
    await target.stop();
  }
}

async function measureRounds(
  generators: readonly Generator[],
  target: Target,
  { rounds, seconds, rate }: Sizes,
  say: (line: string) => void,
): Promise<readonly Row[]> {
  const rows = generators.map(({ name }) => ({
    generator: name,
    closed: [] as Window[],
    fixed: [] as Window[],
  }));
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of ['closed', 'fixed'] as const) {
      for (let turn = 0; turn < generators.length; turn += 1) {
        // Each round begins with another generator, so that none is always first.
        const index = (turn + round) % generators.length;
        const [generator, row] = [generators[index], rows[index]];
        const pace = kind === 'closed' ? kind : rate;
        const invocation = generator?.invoke(loadOn(target, pace, seconds + AROUND_WINDOW_SECONDS));
        if (!generator || !row || !invocation) continue;
        const window = await measureWindow(invocation, generatorCore, target, seconds);
        row[kind].push(window);
        const { cpuMicrosPerRequest: cost, requestsPerSecond: speed } = window;
        say(
          `round ${round + 1}, ${kind}: ${generator.name}: ${cost.toFixed(1)} µs, ${Math.round(speed)} requests/s`,
        );
      }
    }
  }
  return rows;
}

const loadOn = ({ url, cookie }: Target, pace: Load['pace'], seconds: number): Load => ({
  pace,
  url,
  cookie,
  connections,
  seconds,
});

async function measureOwnMemory(
  generators: readonly Generator[],
  target: Target,
): Promise<Findings['memory']> {
  const own = generators.find(({ name }) => name === engineName);
  const invocation = own?.invoke(loadOn(target, 'closed', MEMORY_SECONDS));
  if (!invocation) throw new Error('our own generator is not among the generators');
  const usual = await measureMemory(invocation, generatorCore, target, memoryMarks);
  return memoryMarks.map((requests, index) => ({ requests, bytes: usual[index] ?? 0 }));
}
