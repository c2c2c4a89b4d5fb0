/** What a strategy is weak in over several runs: what any of them saw, and of what none saw, what is known on paper. */
import type { FaultResult, PlannedFault } from '../../record/faults.ts';
import type { OverviewLine } from '../../record/overview.ts';
import type { StrategySummary } from '../../record/summary.ts';
import type { Weakness } from '../../record/weakness.ts';
import { endingsOf, harms, onPaperAlone } from '../facts/weaknesses.ts';
import type { Source } from './source.ts';

/**
 * Null where nothing is known. That a trial lost nothing is no promise: what such a fault may lose stays on paper.
 * @param sources in the order of an overview
 */
export function weaknessesOf(
  sources: readonly Source[],
  name: string,
  faults: OverviewLine['faults'],
): Weakness[] | null {
  const own = sources.flatMap(({ summary }) => summary.strategies.filter((each) => each.name === name));
  const planned = plannedIn(sources);
  const harmed = resultsIn(faults).filter(({ survival }) => survival === 'harmed');
  const seen = [...answersOf(own), ...harms(harmed, planned)];
  const paper =
    sources
      .flatMap(({ record }) => record.strategies)
      .find((each) => each.name === name && each.onPaper !== null)?.onPaper ?? null;
  if (paper === null) return seen.length === 0 ? null : seen;
  const concurrency = own.find((each) => each.concurrency !== null)?.concurrency ?? null;
  return [...seen, ...onPaperAlone(paper, { concurrency }, name, endingsOf(harmed, planned))];
}

const plannedIn = (sources: readonly Source[]): readonly PlannedFault[] =>
  sources.flatMap(({ summary: { design } }) => (design.kind === 'faults' ? design.faults : []));

const resultsIn = (faults: OverviewLine['faults']): readonly FaultResult[] =>
  Object.values(faults).flatMap((found) => (found.kind === 'measured' ? [found.result] : []));

/** Without what faults did, which a line has of one run for each fault. Of each kind as the first run tells it. */
function answersOf(own: readonly StrategySummary[]): readonly Weakness[] {
  const all = own
    .flatMap(({ weaknesses }) => weaknesses)
    .filter(({ code, basis }) => basis.kind === 'measured' && code !== 'harmed');
  return all.filter(({ code }, index) => all.findIndex((each) => each.code === code) === index);
}
