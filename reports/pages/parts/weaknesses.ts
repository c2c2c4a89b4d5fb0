/** What each strategy is weak in: in few words in its line of the first table, and all of it in a part of its own. */
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
  ({ summary }) =>
    summary.weaknesses.length === 0 ? noneOf(facts, summary.name) : roomy(briefText(summary.weaknesses)),
];

/** Nobody has looked at a strategy of which nothing is on paper either. */
const noneOf = ({ run }: Facts, name: string): string =>
  run.record.strategies.some((each) => each.name === name && each.onPaper !== null) ? 'none known' : absent;

function briefText(all: readonly Weakness[]): Text {
  const { measured, onPaper, more } = briefly(all);
  const between = measured === '' || onPaper === '' ? '' : '; ';
  return [measured, between, emphasis(onPaper), more === 0 ? '' : `, ${more} more`];
}

interface Row {
  readonly strategy: StrategyView;
  readonly weakness: Weakness | null;
}

export function weaknessesPart({ facts, strategies }: View): Section {
  const rows = strategies.flatMap((strategy): Row[] => {
    const { weaknesses } = strategy.summary;
    return weaknesses.length === 0
      ? [{ strategy, weakness: null }]
      : weaknesses.map((weakness) => ({ strategy, weakness }));
  });
  return section(
    'weaknesses',
    'Weaknesses',
    'documents',
    tableOf('Weaknesses of each strategy', rows, [
      [words('Strategy'), ({ strategy }) => strategy.shown],
      [
        words('Weakness'),
        ({ strategy, weakness }) =>
          weakness === null ? noneOf(facts, strategy.summary.name) : roomy(weakness.text),
      ],
      [words('Known'), ({ weakness }) => (weakness === null ? absent : bases[weakness.basis.kind])],
      [words('What would measure it'), ({ weakness }) => commandText(weakness)],
    ]),
    hint(
      'Seen: this run measured it. On paper: known from how the strategy is built and set, of one server without a copy unless it has its own, and not looked at by this run. What was looked at and found well is in no line.',
    ),
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
