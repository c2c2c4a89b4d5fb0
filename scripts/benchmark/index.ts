/** `npm run benchmark`: what the generator itself costs, beside wrk and k6's own HTTP client. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { measureGenerators } from '../../experiment/generator-cost/run.ts';
import { goals, markdown } from '../../experiment/generator-cost/table.ts';
import { examineBenchmark } from '../../infra/requirements/index.ts';
import { commandSpec } from '../cli/command-spec.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { refuse } from '../cli/expect-able.ts';
import { runCommand } from '../cli/run-command.ts';
import { flag, orElse, wholeNumber, wholeNumbers } from '../cli/values.ts';
import { whileAlone } from '../cli/while-alone.ts';

const spec = commandSpec({
  usage: 'npm run benchmark --',
  summary: "Measures the generator's own CPU time and memory, beside wrk, wrk2 and k6's HTTP client.",
  options: {
    rounds: {
      flags: '--rounds <N>',
      description: 'rounds, each with every generator. Default: 3',
      schema: orElse(wholeNumber('a number of rounds', 1, 100), '3'),
    },
    seconds: {
      flags: '--seconds <N>',
      description: 'length of each window in seconds. Default: 4',
      schema: orElse(wholeNumber('a length in seconds', 1, 60), '4'),
    },
    rate: {
      flags: '--rate <N,...>',
      description: 'fixed rates in requests per second, separated by commas. Default: 500,1000,2000,4000',
      schema: orElse(wholeNumbers('a rate per second', 1, 100_000), '500,1000,2000,4000'),
    },
    write: { flags: '--write', description: 'also write docs/measurements/generator-cost.md', schema: flag },
  },
  examples: [
    'npm run benchmark',
    'npm run benchmark -- --rate 500,4000',
    'npm run benchmark -- --rounds 7 --write',
  ],
  after:
    'Needs Linux and two cores. Takes about ten minutes. wrk2 is compared where it is on PATH, wrk where it is or can be fetched. Exits with 0 when no goal is missed.',
});

const page = path.resolve(import.meta.dirname, '../../docs/measurements/generator-cost.md');

const heading = `# What the generator costs

The cost of the generator itself: the same read of the same target (the session routes on a bare Node.js server),
over the same number of connections, by session-bench's engine with all checks on, by wrk, and by k6's own HTTP client
in the same binary. \`npm run benchmark -- --write\` measures again and writes this page.

CPU time and requests (counted by the target) are read at both ends of a window in the middle of each generator's run,
so that start-up counts for nobody.

`;

await runCommand(
  () => spec,
  async ({ values, environment }) =>
    await whileAlone(environment.runLock, page, async () => {
      refuse(await examineBenchmark(path.dirname(page)));
      const sizes = { ...values, rates: values.rate };
      const findings = await measureGenerators(sizes, (line) => process.stderr.write(`${line}\n`));
      const list = goals(findings);
      const lines = list.map(({ outcome, text }) => `- ${outcome}: ${text}\n`).join('');
      const text = `${markdown(findings)}\nGoals:\n\n${lines}`;
      process.stdout.write(text);
      if (values.write) await writeFile(page, heading + text);
      return list.some(({ outcome }) => outcome === 'missed') ? 1 : exitCode.ok;
    }),
);
