/** `npm run doctor`: says what can be measured on this machine, and what stands in the way. */
import path from 'node:path';
import { discoverStrategies, strategyFolders } from '../../infra/strategies.ts';
import { type CommandSpec, flag, parseArguments } from '../cli/arguments.ts';
import { outliveReaders } from '../cli/closed-output.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { endWithMistakes } from '../cli/usage.ts';
import { examineDocker } from './docker.ts';
import { describeSections, type Finding, type Section } from './finding.ts';
import { examineLeftovers } from './leftovers.ts';
import { examineMachine } from './machine.ts';
import { examinePrograms } from './programs.ts';

outliveReaders();

const options = { json: { flags: '--json', description: 'print the findings as JSON', schema: flag } };
const spec: CommandSpec<typeof options> = {
  usage: 'npm run doctor --',
  summary: 'Says what can be measured on this machine, and what stands in the way. Changes nothing.',
  options,
  examples: ['npm run doctor', 'npm run --silent doctor -- --json'],
  after: 'Exits with 0 when every strategy can run, otherwise with 1.',
};

async function examine(): Promise<readonly Section[]> {
  const strategies = await discoverStrategies(strategyFolders());
  const [machine, docker, examined] = await Promise.all([
    examineMachine(path.resolve('results')),
    examineDocker(strategies),
    examinePrograms(strategies),
  ]);
  const native = (findings: readonly Finding[]) => (docker.usable ? findings.map(inDocker) : findings);
  return [
    { title: 'Machine', findings: [...machine, examineLeftovers()] },
    { title: 'Docker', findings: docker.findings },
    { title: 'Programs, for the native runtime', findings: native(examined.programs) },
    { title: 'Strategies, on the native runtime', findings: native(examined.strategies) },
  ];
}

/** What only the native runtime lacks is in nobody's way where runs use Docker. */
function inDocker(finding: Finding): Finding {
  return finding.status === 'bad'
    ? { ...finding, status: 'hint', detail: `${finding.detail.replace(/\.$/, '')}; it runs in Docker` }
    : finding;
}

function closingWords(sections: readonly Section[], ok: boolean): string {
  const legend = '✔ good   ↓ bench does it by itself   ! runs, with a drawback   ✖ in the way';
  const answer = ok ? 'Every strategy can run.' : 'Not everything can run: see the lines marked ✖.';
  return `${describeSections(sections)}\n\n${legend}\n${answer}\n`;
}

const parsed = parseArguments(spec, process.argv.slice(2));
if (parsed.status === 'mistakes') endWithMistakes(spec.usage, parsed.mistakes);
else if (parsed.status === 'help') process.stdout.write(parsed.text);
else {
  const sections = await examine();
  const ok = sections.every(({ findings }) => findings.every(({ status }) => status !== 'bad'));
  const data = { ok, sections };
  process.stdout.write(
    parsed.values.json ? `${JSON.stringify(data, null, 2)}\n` : closingWords(sections, ok),
  );
  process.exitCode = ok ? exitCode.ok : 1;
}
