/** What faults did to each strategy, over the runs that made them. */
import { measuringCommand } from '../../advice/evidence/commands.ts';
import type { FaultResult } from '../../record/faults.ts';
import type { Overview, OverviewSurvival } from '../../record/overview.ts';
import type { Source } from './source.ts';

const designsIn = (sources: readonly Source[]) =>
  sources.flatMap(({ record, summary }) =>
    summary.design.kind === 'faults' ? [{ record, design: summary.design }] : [],
  );

/** Each once, in the order of the runs and their plans. */
export function faultsIn(sources: readonly Source[]): Overview['faults'] {
  const all = designsIn(sources).flatMap(({ design }) => design.faults);
  const names = [...new Set(all.map(({ name }) => name))];
  return names.flatMap((name) => {
    const found = all.find((each) => each.name === name);
    return found ? [{ name, title: found.title, description: found.description }] : [];
  });
}

/** The newest run that knows something of it; else the newest that tried. */
export function survivalOf(sources: readonly Source[], fault: string, strategy: string): OverviewSurvival {
  const tried = designsIn(sources).flatMap(({ record, design }) =>
    design.results
      .filter((each) => each.fault === fault && each.strategy === strategy)
      .map((result) => ({ record, result })),
  );
  const told = tried.find(({ result }) => result.survival !== 'unknown') ?? tried[0];
  if (told !== undefined) {
    const { record, result } = told;
    return {
      kind: 'measured',
      run: record.runId,
      result,
      newestLostSeconds: newestLostSeconds(result, record),
    };
  }
  const why = designsIn(sources)
    .flatMap(({ design }) => design.faults)
    .flatMap(({ name, impossible }) => (name === fault ? (impossible[strategy] ?? []) : []))[0];
  return why === undefined
    ? { kind: 'missing', why: '', command: measuringCommand('survival', [strategy]) }
    : { kind: 'impossible', why };
}

/** Where the newest may be lost, losses are those of the last moments: so many seconds of logins and writes. */
function newestLostSeconds(
  { expected, sessions, writesLost }: FaultResult,
  record: Source['record'],
): number | null {
  const { design, scenario } = record;
  if (design.kind !== 'faults' || expected !== 'newest-lost' || sessions === null || writesLost === null)
    return null;
  const lost = sessions.lost + writesLost;
  const perSecond = design.rate.value * (scenario.mix.login + scenario.mix.write);
  return lost === 0 || perSecond === 0 ? null : lost / perSecond;
}
