/** What was not measured, with the commands that would add it, each told once for all strategies that want it. */
import type { Remedy } from './evidence/basis.ts';
import type { Missing } from './evidence/evidence.ts';
import { type Option, openOf, type Question } from './options.ts';

export interface Lack extends Missing, Remedy {}

interface Named extends Remedy {
  readonly strategy: string;
  readonly what: string;
}

/** What would decide about options that are open. */
export const decidingFor = (left: readonly Option[]): readonly Lack[] => together(ofOptions(left));

/** That, and what would put numbers in place of what is on paper or taken for granted. */
export function missingFor({ evidence }: Question, left: readonly Option[]): readonly Lack[] {
  const names = new Set(left.map(({ candidate }) => candidate.strategy.name));
  const ofEvidence = evidence.strategies
    .filter(({ name, load }) => names.has(name) || load.kind === 'missing')
    .flatMap(({ name, load, capacity, footprint, survival, security }) =>
      [load, capacity, footprint, survival, security].flatMap((part): readonly Named[] =>
        part.kind === 'missing' ? [{ strategy: name, what: part.what, command: part.command, on: null }] : [],
      ),
    );
  return together([...ofOptions(left), ...ofEvidence]);
}

const ofOptions = (left: readonly Option[]): readonly Named[] =>
  left.flatMap((option) =>
    openOf(option).flatMap(({ basis, shows }): readonly Named[] =>
      basis.kind === 'none'
        ? [{ strategy: option.candidate.strategy.name, what: shows, command: basis.command, on: basis.on }]
        : [],
    ),
  );

const ofOneStrategy = / --strategy \S+$/;
const withoutStrategy = ({ command }: Named): string => command.replace(ofOneStrategy, '');

const kindOf = ({ strategy, command, on }: Named): string => `${strategy} ${on?.of ?? command}`;

/** Own and managed servers of a strategy may want different numbers of one measurement: the largest does for both. */
function largestOfEach(all: readonly Named[]): readonly Named[] {
  const byRoom = all.toSorted((a, b) => (b.on?.least ?? 0) - (a.on?.least ?? 0));
  const kinds = byRoom.map(kindOf);
  return all.filter((each) => byRoom[kinds.indexOf(kindOf(each))] === each);
}

function together(everything: readonly Named[]): readonly Lack[] {
  const all = largestOfEach(everything);
  return [...new Set(all.map(withoutStrategy))].flatMap((command) => {
    const alike = all.filter((each) => withoutStrategy(each) === command);
    const [first] = alike;
    if (first === undefined) return [];
    const strategies = [...new Set(alike.map(({ strategy }) => strategy))];
    const named = strategies.map((strategy) => ` --strategy ${strategy}`).join('');
    // Together they take the machine that the most demanding of them takes.
    const [on = null] = alike.flatMap((each) => each.on ?? []).toSorted((a, b) => b.least - a.least);
    return [
      {
        kind: 'missing',
        what: `${first.what} (${strategies.join(', ')})`,
        command: `${command}${named}`,
        on,
      },
    ];
  });
}
