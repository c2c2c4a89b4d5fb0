/** How strategies and their variants are typed, and what is said of a name that is none. */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { baseName, isDefault, VARIANT_MARK, variantsOf, withVariants } from '../../infra/variants.ts';
import { listed } from '../../reports/words/format.ts';
import { didYouMean, unknownWord } from './suggest.ts';
import type { Choice } from './values.ts';

export const nameOf = ({ name }: Strategy): string => name;

/** Said of a name that is neither a strategy's nor a variant's. */
export function unknownStrategy(word: string, strategies: readonly Strategy[]): string {
  const base = strategies.find(({ name }) => name === baseName(word));
  if (!word.includes(VARIANT_MARK) || !base)
    return unknownWord('strategy', word, withVariants(strategies).map(nameOf));
  const variants = variantsOf(base).map(nameOf);
  if (variants.length === 0) return `unknown variant "${word}": ${base.name} has no variants.`;
  return `unknown variant "${word}".${didYouMean(word, variants)} ${base.name} has ${listed(variants)}.`;
}

/** `all (mysql, redis), and by name only: redis@aof-always` */
export function usualInWords(strategies: readonly Strategy[]): string {
  const all = withVariants(strategies);
  const byName = all.filter((each) => !isDefault(each)).map(nameOf);
  const usual = `all (${all.filter(isDefault).map(nameOf).join(', ')})`;
  return byName.length === 0 ? usual : `${usual}. By name only: ${byName.join(', ')}`;
}

/** The chosen strategies, each with its variants behind it; what was chosen twice stands once. */
export function withTheirVariants({ things, named }: Choice<Strategy>): Choice<Strategy> {
  const byName = new Map(withVariants(things).map((each) => [each.name, each]));
  return { things: [...byName.values()], named };
}

/** Where `--variants` would add nothing. */
export function idleVariants({ things }: Choice<Strategy>): readonly string[] {
  if (things.some((each) => variantsOf(each).length > 0)) return [];
  return [
    `--variants adds nothing: ${listed(things.map(nameOf))} ${things.length === 1 ? 'has' : 'have'} no variants. Leave it out, or name other strategies.`,
  ];
}
