/** `npm run benchmark`: what the generator itself costs, beside wrk and k6's own HTTP client. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { measureGenerators } from '../../experiment/generator-cost/run.ts';
import { goals, markdown } from '../../experiment/generator-cost/table.ts';
import { commandSpec } from '../cli/command-spec.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { runCommand } from '../cli/run-command.ts';
import { flag, orElse, wholeNumber } from '../cli/values.ts';

const spec = commandSpec({
  usage: 'npm run benchmark --',
  summary: "Measures the generator's own CPU time and memory, beside wrk and k6's HTTP client.",
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
      flags: '--rate <N>',
      description: 'requests per second of the fixed rate. Default: 2000',
      schema: orElse(wholeNumber('a rate per second', 1, 100_000), '2000'),
    },
    write: { flags: '--write', description: 'also write docs/generator-cost.md', schema: flag },
  },
  examples: ['npm run benchmark', 'npm run benchmark -- --rounds 7 --write'],
  after: 'Needs Linux and two cores. Takes about four minutes. Exits with 0 when its goals are reached.',
});

const page = path.resolve(import.meta.dirname, '../../docs/generator-cost.md');

const heading = `# What the generator costs

The cost of the generator itself: the same read of the same target (the session routes on a bare Node.js server),
over the same number of connections, by session-bench's engine with all checks on, by wrk, and by k6's own HTTP client
in the same binary. \`npm run benchmark -- --write\` measures again and writes this page.

CPU time and requests (counted by the target) are read at both ends of a window in the middle of each generator's run,
so that start-up counts for nobody.

`;

await runCommand(
  () => spec,
  async ({ values }) => {
    const findings = await measureGenerators(values, (line) => process.stderr.write(`${line}\n`));
    const reached = goals(findings);
    const list = reached.map((goal) => `- ${goal.reached ? 'reached' : 'missed'}: ${goal.text}\n`).join('');
    const text = `${markdown(findings)}\nGoals:\n\n${list}`;
    process.stdout.write(text);
    if (values.write) await writeFile(page, heading + text);
    return reached.every((goal) => goal.reached) ? exitCode.ok : 1;
  },
);
