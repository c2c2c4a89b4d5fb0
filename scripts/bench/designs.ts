/** What a run sets out to do is chosen by one option, and each choice has options that would change nothing. */

/** Options that choose a design, in the order in which they are told. Without one, strategies are compared in blocks. */
export const designOptions = ['faults', 'footprint', 'distance', 'capacity'] as const;
type DesignOption = (typeof designOptions)[number];

/** What was typed, by option. */
type TypedWords = Readonly<Partial<Record<string, unknown>>>;

/** Why a design has no use for an option; to stand behind `--slo cannot be given with --faults, `. */
type Unused = Readonly<Record<string, string>>;

const noPromise: Unused = { slo: 'which promises nothing', trials: 'which searches for nothing' };
const eachOnce = 'which does each fault once';
const chosenRates = 'whose search chooses the rates';

/** By the option that chooses the design. */
export const unusedBy: Readonly<Record<DesignOption, Unused>> = {
  faults: {
    ...noPromise,
    blocks: eachOnce,
    minutes: eachOnce,
    duration: 'since each fault has a length of its own',
  },
  footprint: {
    ...noPromise,
    blocks: 'which goes from small to large once',
    minutes: 'which goes from small to large once; give fewer --sessions',
    scenario: 'which only reads',
  },
  distance: { ...noPromise, minutes: 'which has as many blocks at each distance as --blocks says' },
  capacity: {
    rate: chosenRates,
    blocks: chosenRates,
    minutes: 'whose search ends when it has its answer; --trials limits it',
  },
};

/** Of designs that have a rate of their own and look for none. */
const ownRate: Readonly<Partial<Record<DesignOption, string>>> = {
  faults: 'which has a low rate of its own',
  footprint: 'which reads at a low rate of its own',
  distance: 'which has a low rate of its own',
};

export const hasDesign = (typed: TypedWords): boolean => designsIn(typed).length > 0;

const designsIn = (typed: TypedWords): readonly DesignOption[] =>
  designOptions.filter((name) => typed[name] !== undefined);

/** A sentence for each two designs, and for each option that changes nothing in a design that was chosen. */
export function designMistakes(typed: TypedWords): readonly string[] {
  const designs = designsIn(typed);
  return designs.length === 0
    ? withoutSearch(typed)
    : [...pairsOf(designs), ...withoutEffect(typed, designs)];
}

const withoutSearch = (typed: TypedWords): readonly string[] =>
  Object.keys(noPromise)
    .filter((name) => typed[name] !== undefined)
    .map((name) => `--${name} says nothing without --capacity. Add --capacity, or leave --${name} out.`);

const pairsOf = (designs: readonly DesignOption[]): readonly string[] =>
  designs.flatMap((first, at) =>
    designs
      .slice(at + 1)
      .map(
        (second) =>
          `--${second} cannot be given with --${first}: a run sets out to do one of them. Measure them one after the other.`,
      ),
  );

/** Each option is told once, with the first design that has no use for it. */
function withoutEffect(typed: TypedWords, designs: readonly DesignOption[]): readonly string[] {
  const told = new Map<string, string>();
  for (const design of designs) {
    for (const [name, why] of Object.entries(unusedBy[design]))
      if (typed[name] !== undefined && !told.has(name))
        told.set(name, `--${name} cannot be given with --${design}, ${why}. Leave one out.`);
    const why = ownRate[design];
    if (typed.rate === 'auto' && why !== undefined && !told.has('rate'))
      told.set(
        'rate',
        `--rate auto cannot be given with --${design}, ${why}. Give a number, or leave --rate out.`,
      );
  }
  return [...told.values()];
}
