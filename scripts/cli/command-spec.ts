/** What a command takes: the table that help, parsing and checks are made from. */
import type { z } from 'zod';
import type { EnvironmentKey } from './environment.ts';

export interface OptionSpec<Schema extends z.ZodType = z.ZodType> {
  /** As help shows it: `--rate <N|auto>`; without a value: `--json`; with one that may be left out: `--faults [NAME,…]`. */
  readonly flags: string;
  readonly description: string;
  /** May be given several times; the schema gets a list. */
  readonly repeatable?: boolean;
  /** Gets the text that was typed, `true` for a flag or for a value that was left out, or undefined where the option is absent. May be asynchronous. */
  readonly schema: Schema;
}

export interface OperandSpec<Schema extends z.ZodType = z.ZodType> {
  /** As help shows it: `RUN_A RUN_B`. */
  readonly usage: string;
  readonly most: number;
  /** Gets the list of words. May be asynchronous. */
  readonly schema: Schema;
}

export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** What was typed, by option: a text, a list of texts, or `true` for a flag. */
export type Typed<Options extends OptionTable = OptionTable> = {
  readonly [Name in keyof Options]?: string | true | readonly string[];
};

export type OptionValues<Options extends OptionTable> = {
  readonly [Name in keyof Options]: z.output<Options[Name]['schema']>;
};

export interface CommandSpec<
  Options extends OptionTable = OptionTable,
  Operands extends z.ZodType = z.ZodType,
> {
  /** As typed: `npm run bench --`. */
  readonly usage: string;
  readonly summary: string;
  readonly options: Options;
  /** Absent where the command takes no operands. */
  readonly operands?: OperandSpec<Operands>;
  /** What the command takes from the environment. Absent: nothing. */
  readonly environment?: readonly EnvironmentKey[];
  readonly examples: readonly string[];
  /** The end of the help. */
  readonly after?: string;
  /**
   * Finds mistakes that no option makes alone. May be asynchronous.
   * @param typed what was typed, sound or not
   * @param values of the options that are sound
   */
  check?(
    typed: Typed<Options>,
    values: Partial<OptionValues<Options>>,
    operands: readonly string[],
  ): readonly string[] | Promise<readonly string[]>;
}

/** Gives a specification its exact type. */
export const commandSpec = <Options extends OptionTable, Operands extends z.ZodType>(
  spec: CommandSpec<Options, Operands>,
): CommandSpec<Options, Operands> => spec;
