/** Reads a command line by a specification. All mistakes are found before anything is done, and reported together. */
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { twice } from '../../record/twice.ts';
import type { CommandSpec, OptionSpec, OptionTable, OptionValues } from './command-spec.ts';
import { helpText } from './help.ts';
import { didYouMean } from './suggest.ts';

export interface CommandInput<Options extends OptionTable, Operands extends z.ZodType> {
  readonly values: OptionValues<Options>;
  readonly operands: z.output<Operands>;
}

export type ParsedArguments<Options extends OptionTable, Operands extends z.ZodType> =
  | { readonly status: 'ok'; readonly input: CommandInput<Options, Operands> }
  | { readonly status: 'help'; readonly text: string }
  | { readonly status: 'mistakes'; readonly mistakes: readonly string[] };

/** @returns the values, or the help text when it was asked for, or every mistake found. */
export async function parseArguments<Options extends OptionTable, Operands extends z.ZodType>(
  spec: CommandSpec<Options, Operands>,
  argv: readonly string[],
): Promise<ParsedArguments<Options, Operands>> {
  if (argv.includes('--help') || argv.includes('-h')) return { status: 'help', text: helpText(spec) };
  const { typed, operands, mistakes } = sortWords(spec.options, argv);
  const allowed = operands.slice(0, spec.operands?.most ?? 0);
  for (const word of operands.slice(allowed.length))
    mistakes.push(`unexpected argument "${word}". Options begin with --; see --help.`);

  const values: Record<string, unknown> = {};
  for (const [key, { flags, schema }] of Object.entries(spec.options)) {
    const parsed = await schema.safeParseAsync(typed[key]);
    if (parsed.success) values[key] = parsed.data;
    else mistakes.push(...parsed.error.issues.map(({ message }) => `${nameOf(flags)}: ${message}`));
  }
  // Each value was made by the schema of its option, whose output the type is.
  const sound = values as Partial<OptionValues<Options>>;
  mistakes.push(...((await spec.check?.(typed, sound, allowed)) ?? []));
  const parsed = await spec.operands?.schema.safeParseAsync(allowed);
  if (parsed?.success === false) mistakes.push(...parsed.error.issues.map(({ message }) => message));
  if (mistakes.length > 0) return { status: 'mistakes', mistakes };
  // Without a mistake every option has its value; without a schema the operands' type is unknown.
  const input = { values: sound, operands: parsed?.data } as CommandInput<Options, Operands>;
  return { status: 'ok', input };
}

/** `--rate <N|auto>` is typed as `--rate`. */
const nameOf = (flags: string): string => flags.split(' ', 1).join();
const takesValue = ({ flags }: OptionSpec): boolean => flags.includes(' ');
/** `--faults [NAME,…]` says something without its value, too. */
const maySpareValue = ({ flags }: OptionSpec): boolean => flags.includes(' [');

interface SortedWords {
  readonly typed: Readonly<Record<string, string | true | readonly string[]>>;
  readonly operands: readonly string[];
  readonly mistakes: string[];
}

/** Tells options with their values from operands, and finds options that do not exist. */
function sortWords(options: OptionTable, argv: readonly string[]): SortedWords {
  const known = new Map(
    Object.entries(options).map(([key, option]) => [nameOf(option.flags), { key, option }]),
  );
  const { given, operands } = pairWords(argv, (name) => {
    const option = known.get(name)?.option;
    // A word behind an unknown option is most likely its value, and no second mistake.
    return option === undefined || takesValue(option);
  });
  const single: Record<string, string | true> = {};
  const onlyOnce = given.filter(({ name }) => known.has(name) && !known.get(name)?.option.repeatable);
  const lists = new Map<string, readonly string[]>();
  const mistakes: string[] = twice(onlyOnce.map(({ name }) => name)).map(
    (name) => `${name} is given more than once, and one alone can count; keep one`,
  );
  for (const { name, value } of given) {
    const found = known.get(name);
    if (!found) mistakes.push(unknownOption(name, [...known.keys()]));
    else if (takesValue(found.option)) {
      if (value === undefined && maySpareValue(found.option)) single[found.key] = true;
      else if (value === undefined) mistakes.push(`${name} needs a value: ${found.option.flags}`);
      else if (found.option.repeatable) lists.set(found.key, [...(lists.get(found.key) ?? []), value]);
      else single[found.key] = value;
    } else if (value === undefined) single[found.key] = true;
    else mistakes.push(`${name} takes no value`);
  }
  return { typed: { ...single, ...Object.fromEntries(lists) }, operands, mistakes };
}

interface GivenOption {
  readonly name: string;
  readonly value: string | undefined;
}

/** Gives the word behind an option to those that take one. */
function pairWords(
  argv: readonly string[],
  takesNext: (name: string) => boolean,
): { readonly given: readonly GivenOption[]; readonly operands: readonly string[] } {
  const given: GivenOption[] = [];
  const operands: string[] = [];
  const words = wordsOf(argv);
  for (let word = words.shift(); word; word = words.shift()) {
    if (word.kind === 'operand') operands.push(word.text);
    if (word.kind !== 'option') continue;
    const takes = word.value === undefined && words[0]?.kind === 'operand' && takesNext(word.name);
    const next = takes ? words.shift() : undefined;
    given.push({ name: word.name, value: next?.kind === 'operand' ? next.text : word.value });
  }
  return { given, operands };
}

type Word =
  | { readonly kind: 'option'; readonly name: string; readonly value: string | undefined }
  | { readonly kind: 'operand'; readonly text: string }
  /** `--`: what follows are operands. */
  | { readonly kind: 'end' };

function wordsOf(argv: readonly string[]): Word[] {
  // parseArgs knows of no option here, and so takes no word for the value of the one before.
  const { tokens } = parseArgs({ args: [...argv], strict: false, tokens: true });
  // Letters of one word (-abc) are tokens with the same index.
  const byIndex = new Map(tokens.map((token) => [token.index, token]));
  return [...byIndex.values()].map((token): Word => {
    if (token.kind === 'positional') return { kind: 'operand', text: token.value };
    if (token.kind === 'option-terminator') return { kind: 'end' };
    const text = argv[token.index] ?? token.rawName;
    // A negative number.
    if (/^-\d/.test(text)) return { kind: 'operand', text };
    return { kind: 'option', name: text.split('=', 1).join(), value: token.value };
  });
}

const unknownOption = (name: string, known: readonly string[]): string =>
  `unknown option "${name}".${didYouMean(name, [...known, '--help']) || ' See --help.'}`;
