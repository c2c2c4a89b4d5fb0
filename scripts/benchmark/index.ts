/** `npm run benchmark`: what the generator itself costs, beside wrk and k6's own HTTP client, on one target in one run. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  allGenerators,
  engineName,
  type Generator,
  type Load,
  type Pace,
} from '../../experiment/generator-cost/generators.ts';
import { measureMemory, measureWindow, type Window } from '../../experiment/generator-cost/measure.ts';
import { goals, markdown, type Row } from '../../experiment/generator-cost/table.ts';
import { Target } from '../../experiment/generator-cost/target-process.ts';
import { readHost } from '../../infra/machine/host.ts';
import { provisionPrograms } from '../../infra/machine/programs/index.ts';
import { provisionK6 } from '../../infra/machine/programs/k6-build.ts';
import type { Executable } from '../../infra/machine/programs/program.ts';
import { bareEnvironment, runOrThrow, runProgram } from '../../infra/machine/run.ts';
import { type CommandSpec, flag, parseArguments, wholeNumber } from '../cli/arguments.ts';
import { outliveReaders } from '../cli/closed-output.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { endWithMistakes } from '../cli/usage.ts';

outliveReaders();

const orElse = (schema: z.ZodType<number>, otherwise: string) =>
  z.preprocess((raw) => raw ?? otherwise, schema);

const options = {
  rounds: {
    flags: '--rounds <N>',
    description: 'rounds, each with every generator (3)',
    schema: orElse(wholeNumber('a number of rounds', 1, 100), '3'),
  },
  seconds: {
    flags: '--seconds <N>',
    description: 'length of each window in seconds (4)',
    schema: orElse(wholeNumber('a length in seconds', 1, 60), '4'),
  },
  rate: {
    flags: '--rate <N>',
    description: 'requests per second of the fixed rate (2000)',
    schema: orElse(wholeNumber('a rate per second', 1, 100_000), '2000'),
  },
  write: {
    flags: '--write',
    description: 'also write docs/generator-cost.md',
    schema: flag,
  },
};

const spec: CommandSpec<typeof options> = {
  usage: 'npm run benchmark --',
  summary: "Measures the generator's own CPU time and memory, beside wrk and k6's HTTP client.",
  options,
  examples: ['npm run benchmark', 'npm run benchmark -- --rounds 7 --write'],
  after: 'Needs Linux and two cores. Takes about four minutes. Exits with 0 when its goals are reached.',
};

const connections = 32;
const generatorCore = 0;
const targetCore = 1;
const memoryMarks = [100_000, 1_000_000, 2_500_000];
const document = path.resolve(import.meta.dirname, '../../docs/measurements/generator-cost.md');

const wrkNeed = {
  name: 'wrk',
  candidates: ['wrk'],
  debianPackages: ['wrk'],
  remedies: {
    debian: 'sudo apt-get install wrk',
    fedora: 'sudo dnf install wrk',
    macos: 'brew install wrk',
    other: 'Install wrk and put it on PATH.',
  },
};

const say = (line: string) => process.stderr.write(`${line}\n`);

interface Programs {
  readonly k6: string;
  readonly wrk: Executable;
}

async function findPrograms(): Promise<Programs> {
  const [k6, programs] = await Promise.all([
    provisionK6({ progress: say }),
    provisionPrograms([wrkNeed], { progress: say }),
  ]);
  const wrk = programs.get(wrkNeed.name);
  const lacks = [k6, wrk].flatMap((each) => (each?.status === 'lacking' ? [each.lack] : []));
  if (k6.status !== 'ready' || wrk?.status !== 'ready') {
    for (const { what, why, remedy } of lacks) say(`${what}: ${why}\n  ${remedy}`);
    process.exit(exitCode.unavailable);
  }
  return { k6: k6.path, wrk: wrk.executable };
}

async function describeMachine({ k6, wrk }: Programs): Promise<string> {
  const { cpuModel, cores, kernel, virtualization } = await readHost();
  const k6Version = (await runOrThrow(k6, ['version'])).stdout.split('\n')[0] ?? '';
  // wrk prints its version with its usage, and fails.
  const about = await runProgram(wrk.path, ['-v'], { env: { ...bareEnvironment(), ...wrk.env } });
  const wrkVersion = /wrk \S+/.exec(about.all)?.[0] ?? 'wrk';
  return `${cpuModel}, ${cores} cores, Linux ${kernel} (${virtualization}); ${k6Version}; ${wrkVersion}; Node.js ${process.version}`;
}

async function measureRounds(
  generators: readonly Generator[],
  target: Target,
  { rounds, seconds, rate }: { rounds: number; seconds: number; rate: number },
): Promise<readonly Row[]> {
  const rows = generators.map(({ name }) => ({
    generator: name,
    closed: [] as Window[],
    fixed: [] as Window[],
  }));
  const load = (pace: Pace): Load => ({
    pace,
    url: target.url,
    cookie: target.cookie,
    connections,
    seconds: seconds + 60,
  });
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of ['closed', 'fixed'] as const) {
      for (let turn = 0; turn < generators.length; turn += 1) {
        // Each round begins with another generator, so that none is always first.
        const index = (turn + round) % generators.length;
        const [generator, row] = [generators[index], rows[index]];
        const invocation = generator?.invoke(load(kind === 'closed' ? 'closed' : rate));
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

async function measureOwnMemory(generators: readonly Generator[], target: Target) {
  const invocation = generators
    .find(({ name }) => name === engineName)
    ?.invoke({ pace: 'closed', url: target.url, cookie: target.cookie, connections, seconds: 1800 });
  if (!invocation) throw new Error('our own generator is not among the generators');
  const usual = await measureMemory(invocation, generatorCore, target, memoryMarks);
  return memoryMarks.map((requests, index) => ({ requests, bytes: usual[index] ?? 0 }));
}

const heading = `# What the generator costs

The benchmark of the generator itself: the same read of the same target (the session routes on a bare Node.js server),
over the same number of connections, by session-bench's engine with all checks on, by wrk, and by k6's own HTTP client
in the same binary. \`npm run benchmark -- --write\` measures again and writes this page.

CPU time and requests (counted by the target) are read at both ends of a window in the middle of each generator's run,
so that start-up counts for nobody.

`;

async function benchmark(values: { rounds: number; seconds: number; rate: number; write: boolean }) {
  const programs = await findPrograms();
  const generators = allGenerators(programs.k6, programs.wrk);
  const target = await Target.start(targetCore);
  try {
    const rows = await measureRounds(generators, target, values);
    say(`memory after ${memoryMarks.map((mark) => mark.toLocaleString('en')).join(' and ')} requests`);
    const findings = {
      rows,
      memory: await measureOwnMemory(generators, target),
      rate: values.rate,
      rounds: values.rounds,
      windowSeconds: values.seconds,
      connections,
      machine: await describeMachine(programs),
      date: new Date().toISOString().slice(0, 10),
    };
    const reached = goals(findings);
    const list = reached.map((goal) => `- ${goal.reached ? 'reached' : 'missed'}: ${goal.text}\n`).join('');
    const text = `${markdown(findings)}\nGoals:\n\n${list}`;
    process.stdout.write(text);
    if (values.write) await writeFile(document, heading + text);
    process.exitCode = reached.every((goal) => goal.reached) ? exitCode.ok : 1;
  } finally {
    await target.stop();
  }
}

const parsed = parseArguments(spec, process.argv.slice(2));
if (parsed.status === 'mistakes') endWithMistakes(spec.usage, parsed.mistakes);
else if (parsed.status === 'help') process.stdout.write(parsed.text);
else await benchmark(parsed.values);
