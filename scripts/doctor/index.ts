/** `npm run doctor`: says what can be measured on this machine, and what stands in the way. */
import path from 'node:path';
import { allCanRun, examineAll } from '../../infra/requirements/index.ts';
import { imageKinds } from '../../infra/runtimes/index.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { doctorPage } from '../../reports/doctor/page.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { commandSpec } from '../cli/command-spec.ts';
import type { Environment } from '../cli/environment.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { unknownImages } from '../cli/measuring-options.ts';
import { runCommand } from '../cli/run-command.ts';
import { flag } from '../cli/values.ts';

const spec = (strategies: readonly Strategy[], { images }: Environment) =>
  commandSpec({
    usage: 'npm run doctor --',
    summary: 'Says what can be measured on this machine, and what stands in the way. Changes nothing.',
    options: { json: { flags: '--json', description: 'print the findings as JSON', schema: flag } },
    environment: ['strategyFolders', 'images'],
    check: () => unknownImages(images, imageKinds(strategies)),
    examples: ['npm run doctor'],
    after: 'Exits with 0 when every strategy can run, otherwise with 1.',
  });

await runCommand(
  async (environment) => spec(await discoverStrategies(environment.strategyFolders), environment),
  async ({ values, environment }) => {
    const strategies = await discoverStrategies(environment.strategyFolders);
    const { images } = environment;
    const sections = await examineAll({ strategies, images, results: path.resolve('results') });
    const ok = allCanRun(sections);
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ ok, sections }, null, 2)}\n`
        : `${terminal(doctorPage(sections, ok))}\n`,
    );
    return ok ? exitCode.ok : 1;
  },
);
