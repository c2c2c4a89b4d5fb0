/** `npm run check`: types, style, directions of imports and vetting of everything in the repository. */
import path from 'node:path';
import { commandSpec } from '../cli/command-spec.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { runCommand } from '../cli/run-command.ts';
import { stepsFor } from './steps.ts';

const spec = commandSpec({
  usage: 'npm run check --',
  summary: 'Checks types, style, imports and vetting of everything in the repository; changes nothing.',
  options: {},
  examples: ['npm run check'],
});
const say = (line: string) => process.stdout.write(`${line}\n`);

async function check(root: string): Promise<number> {
  const steps = stepsFor(root);
  let failed = 0;
  for (const { title, run } of steps) {
    const started = performance.now();
    const outcome = await run();
    const took = `${((performance.now() - started) / 1000).toFixed(1)} s`;
    if (outcome.status === 'passed') say(`✔ ${title} (${took})`);
    if (outcome.status === 'skipped') say(`- ${title}: not run, ${outcome.why}`);
    if (outcome.status === 'failed') {
      failed += 1;
      say(`✖ ${title} (${took})\n${outcome.output.replace(/^/gm, '    ')}`);
    }
  }
  say(failed === 0 ? '\nAll checks passed.' : `\n${failed} of ${steps.length} checks failed.`);
  return failed === 0 ? exitCode.ok : 1;
}

await runCommand(
  () => spec,
  () => check(path.resolve(import.meta.dirname, '../..')),
);
