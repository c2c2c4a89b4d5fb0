/** Servers that are there already, of a strategy that no run has measured: they change nothing, and the wish should not be lost unsaid. */
import { familyOf } from '../../advice/costs/costs.ts';
import type { Question } from '../../advice/options.ts';

/** A sentence for each. */
export function unusedServers({
  evidence,
  wishes,
}: Pick<Question, 'evidence' | 'wishes'>): readonly string[] {
  const measured = evidence.strategies
    .filter(({ load }) => load.kind === 'measured')
    .map(({ name }) => familyOf(name));
  return wishes.has
    .filter((name) => !measured.includes(familyOf(name)))
    .map(
      (name) =>
        `Servers of ${name} are there already, and no run here measured ${familyOf(name)} at a rate, so that they change nothing: npm run bench -- --strategy ${name}.`,
    );
}
