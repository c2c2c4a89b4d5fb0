/** The steps before a server's first start, as a shell script that a container of the server's own image runs. */
import type { ProgramPlace } from '../../../machine/programs/program.ts';
import type { InitStep, StandardInput } from '../../../services/definition.ts';
import type { PlannedNode } from '../../plan.ts';
import { inside } from './site.ts';

export const INIT_SCRIPT = 'init.sh';
/** Written when all steps have succeeded, so that a second `up` by hand starts from the same data. */
const DONE = `${inside.run}/initialised`;

export interface ScriptFile {
  readonly name: string;
  readonly content: string;
}

const quote = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Empty when the service needs no steps. */
export function initFiles(
  { name, plan }: PlannedNode,
  programs: Readonly<Record<string, ProgramPlace>>,
): readonly ScriptFile[] {
  if (plan.init.length === 0) return [];
  const inputs: ScriptFile[] = [];
  const steps = plan.init.map((step) => {
    const place = programs[step.program];
    if (!place) throw new Error(`${name} needs the program ${step.program}, which was not looked for`);
    return stepLines(step, place.path, inputs);
  });
  const script = [
    '#!/bin/sh',
    'set -eu',
    `if [ -e ${DONE} ]; then exit 0; fi`,
    'first_of() { for file in "$@"; do if [ -e "$file" ]; then cat "$file"; return; fi; done; echo "none of these is there: $*" >&2; exit 1; }',
    ...steps.flat(),
    `: > ${DONE}`,
    '',
  ].join('\n');
  return [{ name: INIT_SCRIPT, content: script }, ...inputs];
}

/** Input may hold secrets: it is kept in files of the server's user and never becomes an argument. */
function stepLines(step: InitStep, program: string, inputs: ScriptFile[]): readonly string[] {
  const parts = (step.stdin ?? []).map((part) => inputCommand(part, inputs));
  const input = parts.length > 0 ? `{ ${parts.join('; ')}; } | ` : '';
  const environment = Object.entries(step.env ?? {}).map(([name, value]) => `${name}=${quote(value)}`);
  const command = [...environment, quote(program), ...step.args.map(quote)].join(' ');
  return ['', `# ${step.title}`, `${input}${command}${input === '' ? ' </dev/null' : ''}`];
}

function inputCommand(part: StandardInput, inputs: ScriptFile[]): string {
  if ('firstOf' in part) return `first_of ${part.firstOf.map(quote).join(' ')}`;
  const name = `input-${inputs.length + 1}`;
  inputs.push({ name, content: part.text });
  return `cat ${inside.config}/${name}`;
}
