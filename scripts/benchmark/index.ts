/** `npm run benchmark`: what the generator itself costs, beside wrk and k6's own HTTP client. */
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { measureGenerators } from '../../experiment/generator-cost/run.ts';
import { goals, markdown } from '../../experiment/generator-cost/table.ts';
import { examineBenchmark } from '../../infra/requirements/index.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { refuse } from '../cli/expect-able.ts';
import { runCommand } from '../cli/run-command.ts';
import { whileAlone } from '../cli/while-alone.ts';
import { benchmarkSpec } from './options.ts';

const page = path.resolve(import.meta.dirname, '../../docs/measurements/generator-cost.md');

const heading = `# What the generator costs

The cost of the generator itself: the same read of the same target (the session routes on a bare Node.js server),
over the same number of connections, by session-bench's engine with all checks on, by wrk, and by k6's own HTTP client
in the same binary. \`npm run benchmark -- --write\` measures again and writes this page.

CPU time and requests (counted by the target) are read at both ends of a window in the middle of each generator's run,
so that start-up counts for nobody.

`;

await runCommand(
  () => benchmarkSpec,
  async ({ values, environment }) =>
    await whileAlone(environment.runLock, page, async () => {
      refuse(await examineBenchmark(values.write ? path.dirname(page) : os.tmpdir()));
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
