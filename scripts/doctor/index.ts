/** `npm run doctor`: says what can be measured on this machine, and what stands in the way. */
import path from 'node:path';
import { z } from 'zod';
import { allCanRun, examineAll } from '../../infra/requirements/index.ts';
import { imageKinds } from '../../infra/runtimes/index.ts';
import { withVariants } from '../../infra/variants.ts';
import { doctorPage } from '../../reports/doctor/page.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { commandSpec } from '../cli/command-spec.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { discover, type Known, strategiesOption, unknownImages } from '../cli/measuring-options.ts';
import { runCommand } from '../cli/run-command.ts';
import { flag, orElse } from '../cli/values.ts';

const specOf = (known: Known) =>
  commandSpec({
    usage: 'npm run doctor --',
    summary: 'Says what can be measured on this machine, and what stands in the way. Changes nothing.',
    options: {
      strategies: strategiesOption(known, 'look at what this strategy needs', {
        words: 'all, with their variants',
        things: withVariants(known.strategies),
      }),
      out: {
        flags: '--out <DIR>',
        description: 'folder that would get the results. Default: results',
        schema: orElse(z.string(), 'results'),
      },
      json: { flags: '--json', description: 'print the findings as JSON', schema: flag },
    },
    environment: ['strategyFolders', 'images'],
    check: () => unknownImages(known.environment.images, imageKinds(known.strategies)),
    examples: ['npm run doctor', 'npm run doctor -- --strategy redis'],
    after: 'Exits with 0 when every strategy that is looked at can run, otherwise with 1.',
  });

await runCommand(
  async (environment) => specOf(await discover(environment)),
  async ({ values, environment }) => {
    const { images } = environment;
    const sections = await examineAll({
      strategies: values.strategies.things,
      images,
      results: path.resolve(values.out),
    });
    const ok = allCanRun(sections);
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ ok, sections }, null, 2)}\n`
        : `${terminal(doctorPage(sections, ok))}\n`,
    );
    return ok ? exitCode.ok : 1;
  },
);
