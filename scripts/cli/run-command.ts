/** What every command does around its work: help, mistakes, and how a failure ends it. */

import type { z } from 'zod';
import { enterOwnEnvironment } from '../../infra/machine/environment.ts';
import { counted } from '../../record/counted.ts';
import { diskTrouble } from '../../record/unwritable.ts';
import { UserError, type UserErrorKind } from '../../record/user-error.ts';
import { type CommandInput, parseArguments } from './arguments.ts';
import type { CommandSpec, OptionTable } from './command-spec.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { exitCode } from './exit-codes.ts';
import { outliveOutput } from './output.ts';

/** What a person asks for, without a mistake in it. */
export interface Asked<Options extends OptionTable, Operands extends z.ZodType>
  extends CommandInput<Options, Operands> {
  readonly environment: Environment;
  /** As typed, so that a run's record can say how it came about. */
  readonly commandLine: readonly string[];
}

type SpecMaker<Options extends OptionTable, Operands extends z.ZodType> = (
  environment: Environment,
) => CommandSpec<Options, Operands> | Promise<CommandSpec<Options, Operands>>;

type Work<Options extends OptionTable, Operands extends z.ZodType> = (
  asked: Asked<Options, Operands>,
) => number | Promise<number>;

/**
 * Reads the command line and the environment, does the work, and sets the exit code of the process. Where either has a
 * mistake, all mistakes are reported and nothing is started.
 *
 * @param makeSpec gets the environment, which may add strategies to those that can be named
 * @param work gives the exit code
 */
export async function runCommand<Options extends OptionTable, Operands extends z.ZodType>(
  makeSpec: SpecMaker<Options, Operands>,
  work: Work<Options, Operands>,
): Promise<void> {
  const [, script = '', ...words] = process.argv;
  enterOwnEnvironment(script, words);
  outliveOutput();
  process.exitCode = await exitCodeOf(makeSpec, work).catch(failure);
}

async function exitCodeOf<Options extends OptionTable, Operands extends z.ZodType>(
  makeSpec: SpecMaker<Options, Operands>,
  work: Work<Options, Operands>,
): Promise<number> {
  const { environment, mistakes: inEnvironment } = readEnvironment();
  const spec = await makeSpec(environment);
  const argv = process.argv.slice(2);
  const parsed = await parseArguments(spec, argv);
  if (parsed.status === 'help') {
    process.stdout.write(parsed.text);
    return exitCode.ok;
  }
  const mistakes = [
    ...(parsed.status === 'mistakes' ? parsed.mistakes : []),
    ...(spec.environment ?? []).flatMap((key) => inEnvironment[key]),
  ];
  if (parsed.status === 'mistakes' || mistakes.length > 0) return reportMistakes(spec.usage, mistakes);
  return await work({ ...parsed.input, environment, commandLine: [...spec.usage.split(' '), ...argv] });
}

function reportMistakes(usage: string, mistakes: readonly string[]): number {
  const heading =
    mistakes.length === 1 ? 'There is a mistake:' : `There are ${counted(mistakes.length, 'mistake')}:`;
  process.stderr.write(`${heading}\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}\n`);
  process.stderr.write(`Nothing was started. See "${usage} --help".\n`);
  return exitCode.usage;
}

const exitCodes: Readonly<Record<UserErrorKind, number>> = {
  invalid: exitCode.invalid,
  unavailable: exitCode.unavailable,
  unwritable: exitCode.io,
};

function failure(error: unknown): number {
  const foreseen = error instanceof UserError ? error : diskTrouble(error);
  if (foreseen) {
    process.stderr.write(`${foreseen.message}\n`);
    return exitCodes[foreseen.kind];
  }
  process.stderr.write(`session-bench itself failed: ${error instanceof Error ? error.stack : error}\n`);
  return exitCode.internal;
}
