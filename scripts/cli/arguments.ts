/**
 * Reads a command line by a specification. All mistakes are found before anything is done, and reported together.
 */
import { Command } from 'commander';
import { z } from 'zod';
import { suggest } from '../../experiment/suggest.ts';

export interface OptionSpec<Schema extends z.ZodType = z.ZodType> {
  /** As help shows it: `--rate <N|auto>`; without a value: `--json`. */
  readonly flags: string;
  readonly description: string;
  /** May be given several times; the schema gets a list. */
  readonly repeatable?: boolean;
  /** Gets the text that was typed, `true` for a flag, or undefined where the option is absent. */
  readonly schema: Schema;
}

export interface CommandSpec<Options extends Readonly<Record<string, OptionSpec>>> {
  /** As typed: `npm run bench --`. */
  readonly usage: string;
  readonly summary: string;
  /** Name of the one optional operand, for example `RUN`; absent where the command takes none. */
  readonly operand?: string;
  /** How many operands it takes; 1 unless told. */
  readonly mostOperands?: number;
  readonly options: Options;
  readonly examples: readonly string[];
  readonly after?: string;
  /** Mistakes that no option makes alone; gets what was typed, by option. */
  readonly check?: (typed: Readonly<Record<string, unknown>>) => readonly string[];
}

export type OptionValues<Options extends Readonly<Record<string, OptionSpec>>> = {
  readonly [Name in keyof Options]: z.output<Options[Name]['schema']>;
};

export type ParsedArguments<Values> =
  | {
      readonly status: 'ok';
      readonly values: Values;
      readonly operand: string | undefined;
      readonly operands: readonly string[];
    }
  | { readonly status: 'help'; readonly text: string }
  | {
      readonly status: 'mistakes';
      readonly mistakes: readonly string[];
      /** What was typed well, so that a command can look for mistakes of its own in it. */
      readonly values: Partial<Values>;
      readonly operands: readonly string[];
    };

const longName = (flags: string): string => flags.split(/[ ,]/)[0] ?? flags;
const takesValue = (spec: OptionSpec): boolean => spec.flags.includes(' ');

/** An absent value is found by us, together with all other mistakes, and not by the library, alone. */
const asOptionalValue = (flags: string): string => flags.replace('<', '[').replace('>', ']');

function build(spec: CommandSpec<Readonly<Record<string, OptionSpec>>>): Command {
  const command = new Command()
    .name(spec.usage)
    .description(spec.summary)
    .allowUnknownOption()
    .allowExcessArguments()
    .exitOverride()
    .helpOption(false)
    .configureOutput({ writeErr: () => {}, writeOut: () => {} });
  for (const [key, option] of Object.entries(spec.options)) {
    const created = command.createOption(asOptionalValue(option.flags), option.description);
    created.attributeName = () => key;
    if (option.repeatable) {
      created.argParser((value: string, previous: readonly string[] | undefined) => [
        ...(previous ?? []),
        value,
      ]);
    }
    command.addOption(created);
  }
  return command;
}

function helpText(spec: CommandSpec<Readonly<Record<string, OptionSpec>>>): string {
  const rows = [...Object.values(spec.options), { flags: '--help', description: 'show this help' }];
  const width = Math.max(...rows.map((row) => row.flags.length)) + 2;
  const indent = ' '.repeat(width + 2);
  const wrap = (text: string): string =>
    text.replace(new RegExp(`(.{1,${Math.max(30, 100 - width)}})(?: +|$)`, 'g'), `$1\n${indent}`).trimEnd();
  return [
    `${spec.summary}\n`,
    `Usage: ${spec.usage}${spec.operand ? ` [${spec.operand}]` : ''} [options]\n`,
    'Options:',
    ...rows.map((row) => `  ${row.flags.padEnd(width)}${wrap(row.description)}`),
    '\nExamples:',
    ...spec.examples.map((example) => `  ${example}`),
    ...(spec.after ? [`\n${spec.after}`] : []),
    '',
  ].join('\n');
}

function unknownArgument(argument: string, spec: CommandSpec<Readonly<Record<string, OptionSpec>>>): string {
  if (!argument.startsWith('-')) {
    return `unexpected argument "${argument}". Options begin with --; see --help.`;
  }
  const name = argument.split('=')[0] ?? argument;
  const guess = suggest(name, [
    ...Object.values(spec.options).map((option) => longName(option.flags)),
    '--help',
  ]);
  return `unknown option "${name}".${guess ? ` Did you mean "${guess}"?` : ' See --help.'}`;
}

/** @returns the values, or the help text when it was asked for, or every mistake found. */
export function parseArguments<Options extends Readonly<Record<string, OptionSpec>>>(
  spec: CommandSpec<Options>,
  argv: readonly string[],
): ParsedArguments<OptionValues<Options>> {
  if (argv.includes('--help') || argv.includes('-h')) return { status: 'help', text: helpText(spec) };
  const command = build(spec);
  command.parse([...argv], { from: 'user' });

  // A word behind an unknown option is most likely its value, and no second mistake.
  const words = command.args.filter(
    (word, index, all) => word.startsWith('-') || !all[index - 1]?.startsWith('-'),
  );
  const operands = words.filter((word) => !word.startsWith('-'));
  const strangers = words.filter((word) => word.startsWith('-'));
  const surplus = operands.slice(spec.operand ? (spec.mostOperands ?? 1) : 0);
  const mistakes = [...strangers, ...surplus].map((argument) => unknownArgument(argument, spec));

  const typed: Record<string, unknown> = command.opts();
  const values: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(spec.options)) {
    const raw = typed[key];
    if (takesValue(option) && raw === true) {
      mistakes.push(`${longName(option.flags)} needs a value: ${option.flags}`);
      continue;
    }
    const parsed = option.schema.safeParse(raw);
    if (parsed.success) values[key] = parsed.data;
    else mistakes.push(...parsed.error.issues.map((issue) => `${longName(option.flags)}: ${issue.message}`));
  }
  mistakes.push(...(spec.check?.(typed) ?? []));
  const allowed = spec.operand ? operands.slice(0, spec.mostOperands ?? 1) : [];
  // Each value was made by its own option's schema just above.
  if (mistakes.length > 0)
    return {
      status: 'mistakes',
      mistakes,
      values: values as Partial<OptionValues<Options>>,
      operands: allowed,
    };
  return {
    status: 'ok',
    values: values as OptionValues<Options>,
    operand: allowed[0],
    operands: allowed,
  };
}

/** A whole number within a range, as typed on a command line; anything else is told with what was typed. */
export function wholeNumber(what: string, min: number, max: number): z.ZodType<number> {
  return z.unknown().transform((raw, context): number => {
    const value = typeof raw === 'string' && /^[+-]?\d+$/.test(raw.trim()) ? Number(raw) : Number.NaN;
    if (value >= min && value <= max) return value;
    context.addIssue({
      code: 'custom',
      message: `"${String(raw)}" is not ${what}; give a whole number from ${min} to ${max}`,
    });
    return z.NEVER;
  });
}

/** A decimal number within a range, as typed on a command line. */
export function decimalNumber(what: string, min: number, max: number): z.ZodType<number> {
  return z.unknown().transform((raw, context): number => {
    const value =
      typeof raw === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)$/.test(raw.trim()) ? Number(raw) : Number.NaN;
    if (value >= min && value <= max) return value;
    context.addIssue({
      code: 'custom',
      message: `"${String(raw)}" is not ${what}; give a number from ${min} to ${max}`,
    });
    return z.NEVER;
  });
}

/** `true` when the flag was given. */
export const flag: z.ZodType<boolean> = z.unknown().transform((raw) => raw === true);
