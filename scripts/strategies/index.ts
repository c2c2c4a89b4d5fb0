/** `npm run strategies`: lists what can be measured. */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { commandSpec } from '../cli/command-spec.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { runCommand } from '../cli/run-command.ts';
import { flag } from '../cli/values.ts';

const spec = commandSpec({
  usage: 'npm run strategies --',
  summary: 'Lists the strategies that can be measured.',
  options: { json: { flags: '--json', description: 'print the list as JSON', schema: flag } },
  environment: ['strategyFolders'],
  examples: ['npm run strategies'],
});

function lines({ name, topology }: Strategy): string {
  const servers = topology.services.map(({ kind, count }) => (count > 1 ? `${count} x ${kind}` : kind));
  return [
    `${name.padEnd(16)} ${topology.title} (${servers.join(', ') || 'no servers'})\n`,
    `${' '.repeat(17)}${topology.description}\n`,
  ].join('');
}

await runCommand(
  () => spec,
  async ({ values, environment }) => {
    const strategies = await discoverStrategies(environment.strategyFolders);
    const list = strategies.map(({ name, folder, topology }) => ({ name, folder, ...topology }));
    process.stdout.write(values.json ? `${JSON.stringify(list, null, 2)}\n` : strategies.map(lines).join(''));
    return exitCode.ok;
  },
);
