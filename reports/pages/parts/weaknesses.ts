/** What each strategy is weak in: in few words in its line of the first table, and all of it in a part of its own. */
import type { StrategySummary } from '../../../record/summary.ts';
import type { Weakness } from '../../../record/weakness.ts';
import {
  code,
  emphasis,
  type Field,
  hint,
  roomy,
  section,
  tableOf,
  unbroken,
  words,
} from '../../document/build.ts';
import type { Section, Text } from '../../document/document.ts';
import type { Facts } from '../../facts/facts.ts';
import { absent } from '../../words/format.ts';
import { briefly } from '../../words/weaknesses.ts';
import type { StrategyView, View } from '../view.ts';

/** A column of a design's first table. */
export const weaknessField = (facts: Facts): Field<StrategyView> => [
  words('Weaknesses', { narrow: 'below' }),
  ({ summary }) => weaknessCell(knownOf(facts, summary)),
];

/** @param all null where nothing is known */
export const weaknessCell = (all: readonly Weakness[] | null): Text =>
  all === null || all.length === 0 ? noneText(all) : roomy(briefText(all));

/** Nobody has looked at a strategy of which nothing is on paper either. */
const knownOf = ({ run }: Facts, { name, weaknesses }: StrategySummary): readonly Weakness[] | null =>
  weaknesses.length > 0 || run.record.strategies.some((each) => each.name === name && each.onPaper !== null)
    ? weaknesses
    : null;

const noneText = (all: readonly Weakness[] | null): string => (all === null ? absent : 'none known');

function briefText(all: readonly Weakness[]): Text {
  const { measured, onPaper, more } = briefly(all);
  const between = measured === '' || onPaper === '' ? '' : '; ';
  return [measured, between, emphasis(onPaper), more === 0 ? '' : `, ${more} more`];
}

export const weaknessesPart = ({ facts, strategies }: View): Section =>
  weaknessesSection(
    strategies.map(({ shown, summary }) => ({ strategy: shown, weaknesses: knownOf(facts, summary) })),
    'Seen: this run measured it. On paper: known from how the strategy is built and set, of one server without a copy unless it has its own, and not looked at by this run. What was looked at and found well is in no line.',
  );

interface Weak {
  readonly strategy: Text;
  /** Null where nothing is known. */
  readonly weaknesses: readonly Weakness[] | null;
}

interface Row {
  readonly strategy: Text;
  readonly weakness: Weakness | null;
  readonly none: string;
}

/** @param meaning of the column that says how each is known */
export function weaknessesSection(all: readonly Weak[], meaning: string): Section {
  const rows = all.flatMap(({ strategy, weaknesses }): Row[] => {
    const none = noneText(weaknesses);
    const known = weaknesses ?? [];
    return known.length === 0
      ? [{ strategy, weakness: null, none }]
      : known.map((weakness) => ({ strategy, weakness, none }));
  });
  return section(
    'weaknesses',
    'Weaknesses',
    'documents',
    tableOf('Weaknesses of each strategy', rows, [
      [words('Strategy'), ({ strategy }) => strategy],
      [words('Weakness'), ({ weakness, none }) => (weakness === null ? none : roomy(weakness.text))],
      [words('Known'), ({ weakness }) => (weakness === null ? absent : bases[weakness.basis.kind])],
      [words('What would measure it'), ({ weakness }) => commandText(weakness)],
    ]),
    hint(meaning),
  );
}

const bases: Readonly<Record<Weakness['basis']['kind'], Text>> = {
  measured: 'seen',
  'on-paper': unbroken(emphasis('on paper')),
};

function commandText(weakness: Weakness | null): Text {
  if (weakness === null || weakness.basis.kind === 'measured') return absent;
  return weakness.basis.command === null ? 'nothing here' : code(weakness.basis.command);
}
