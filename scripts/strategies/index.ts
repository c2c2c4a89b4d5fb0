/** `npm run strategies`: lists what can be measured. */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { isDefault, withVariants } from '../../infra/variants.ts';
import { commandSpec } from '../cli/command-spec.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { runCommand } from '../cli/run-command.ts';
import { flag } from '../cli/values.ts';

const spec = commandSpec({
  usage: 'npm run strategies --',
  summary: 'Lists the strategies that can be measured, each with its variants behind it.',
  options: { json: { flags: '--json', description: 'print the list as JSON', schema: flag } },
  environment: ['strategyFolders'],
  examples: ['npm run strategies'],
  after: 'Exit codes: 0 the list was printed; 64 bad usage; 70 internal fault.',
});

function lines(strategy: Strategy): string {
  const { name, topology } = strategy;
  const servers = topology.services.map(({ kind, count }) => (count > 1 ? `${count} x ${kind}` : kind));
  const chosen = isDefault(strategy) ? '' : ', by name only';
  return [
    `${name.padEnd(WIDTH)} ${topology.title} (${servers.join(', ') || 'no servers'}${chosen})\n`,
    `${' '.repeat(WIDTH + 1)}${topology.description}\n`,
  ].join('');
}

/** Room for a name. */
const WIDTH = 24;

await runCommand(
  () => spec,
  async ({ values, environment }) => {
    const strategies = withVariants(await discoverStrategies(environment.strategyFolders));
    const list = strategies.map(({ name, folder, topology }) => ({ name, folder, ...topology }));
    process.stdout.write(values.json ? `${JSON.stringify(list, null, 2)}\n` : strategies.map(lines).join(''));
    return exitCode.ok;
  },
);
