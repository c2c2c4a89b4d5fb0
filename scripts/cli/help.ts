/** What `--help` shows. */
import type { CommandSpec } from './command-spec.ts';

const LINE_WIDTH = 102;
const NARROWEST_COLUMN = 30;

type Described = Pick<
  CommandSpec,
  'usage' | 'summary' | 'options' | 'operands' | 'environment' | 'examples' | 'after'
>;

export function helpText({
  usage,
  summary,
  options,
  operands,
  environment,
  examples,
  after,
}: Described): string {
  const rows = [...Object.values(options), { flags: '--help', description: 'show this help' }];
  return [
    `${summary}\n`,
    `Usage: ${usage}${operands ? ` [${operands.usage}]` : ''} [options]\n`,
    'Options:',
    ...inColumns(rows.map(({ flags, description }) => [flags, description])),
    '\nExamples:',
    ...[...examples, ...jsonExample(rows, usage)].map((example) => `  ${example}`),
    ...(after ? [`\n${after}`] : []),
    ...(environment ? ['\nEnvironment variables: docs/environment.md.'] : []),
    '',
  ].join('\n');
}

/** npm writes the command to stdout too, where a script expects JSON alone. */
const jsonExample = (rows: readonly { readonly flags: string }[], usage: string): readonly string[] =>
  rows.some(({ flags }) => flags === '--json')
    ? [`${usage.replace(/^npm run /, 'npm run --silent ')} --json   stdout is JSON alone, for scripts`]
    : [];

/** Names on the left, what they mean on the right, broken into lines. */
export function inColumns(rows: readonly (readonly [name: string, meaning: string])[]): string[] {
  const left = Math.max(...rows.map(([name]) => name.length)) + 4;
  const width = Math.max(NARROWEST_COLUMN, LINE_WIDTH - left);
  const lines = new RegExp(`(.{1,${width}})(?: +|$)`, 'g');
  return rows.map(
    ([name, meaning]) =>
      `  ${name}`.padEnd(left) + meaning.replace(lines, `$1\n${' '.repeat(left)}`).trimEnd(),
  );
}
