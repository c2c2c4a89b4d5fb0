/** `npm run strategies`: lists what can be measured. */

import { discoverStrategies, strategyFolders } from '../../infra/strategies.ts';
import { type CommandSpec, flag, parseArguments } from '../cli/arguments.ts';
import { outliveReaders } from '../cli/closed-output.ts';
import { endWithMistakes } from '../cli/usage.ts';

outliveReaders();

const options = { json: { flags: '--json', description: 'print the list as JSON', schema: flag } };
const spec: CommandSpec<typeof options> = {
  usage: 'npm run strategies --',
  summary: 'Lists the strategies that can be measured.',
  options,
  examples: ['npm run strategies', 'npm run --silent strategies -- --json'],
};

const parsed = parseArguments(spec, process.argv.slice(2));
if (parsed.status === 'mistakes') endWithMistakes(spec.usage, parsed.mistakes);
else if (parsed.status === 'help') process.stdout.write(parsed.text);
else {
  const strategies = await discoverStrategies(strategyFolders());
  if (parsed.values.json) {
    const list = strategies.map(({ name, folder, topology }) => ({ name, folder, ...topology }));
    process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
  } else {
    for (const { name, topology } of strategies) {
      const servers = topology.services.map(({ kind, count }) => (count > 1 ? `${count} x ${kind}` : kind));
      process.stdout.write(`${name.padEnd(16)} ${topology.title} (${servers.join(', ') || 'no servers'})\n`);
      process.stdout.write(`${' '.repeat(17)}${topology.description}\n`);
    }
  }
}
