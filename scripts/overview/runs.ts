/** The stored runs of an overview: those that are named, or the newest of each design that fit each other. */
import path from 'node:path';
import { type OverviewDesign, overviewDesigns } from '../../record/overview.ts';
import { designTitles, oneOnly } from '../../reports/overview/source.ts';
import { listed, lowerFirst } from '../../reports/words/format.ts';
import {
  baseAmong,
  misfits,
  newestOfAll,
  passedOver,
  sidesWords,
  silent,
  surerWords,
  twins,
} from '../cli/fitting-runs.ts';
import { type FoundRun, recordIn } from '../cli/found-run.ts';
import { good, mistaken, type Reading } from '../cli/reading.ts';
import { findRun } from '../cli/stored-runs.ts';

export interface Chosen {
  readonly runs: readonly FoundRun[];
  /** What a reader should know of the choice, a sentence each. */
  readonly remarks: readonly string[];
}

/**
 * @param named ids of runs under `out`, or folders; the newest where there are none
 * @param out folder that has the runs
 */
export const chooseRuns = (named: readonly string[], out: string): Promise<Reading<Chosen>> =>
  named.length > 0 ? namedRuns(named, out) : newestRuns(out);

async function namedRuns(named: readonly string[], out: string): Promise<Reading<Chosen>> {
  const mistakes: string[] = [];
  const runs: FoundRun[] = [];
  for (const word of named) {
    const found = await findRun(word, out);
    if (found.status === 'mistakes') mistakes.push(...found.mistakes);
    else if (runs.some(({ folder }) => folder === found.value))
      mistakes.push(`"${word}" names run ${path.basename(found.value)} once more; name each once`);
    else {
      const read = await recordIn(found.value);
      if (typeof read === 'string') mistakes.push(read);
      else runs.push(read);
    }
  }
  mistakes.push(
    ...runs.flatMap(sidesWords),
    ...runs.flatMap(unfinished),
    ...twins(runs),
    ...(await silent(runs)),
    ...twiceOfOne(runs),
    ...promises(runs),
  );
  mistakes.push(...misfits(runs));
  return mistakes.length > 0 ? mistaken(...mistakes) : good({ runs, remarks: [] });
}

const unfinished = ({ record: { runId, status } }: FoundRun): readonly string[] =>
  status === 'running'
    ? [
        `run ${runId} is still being written, or was killed: wait until it ends, or leave it out ("npm run report -- ${runId}" tells what it has)`,
      ]
    : [];

/** Strategies are compared within the trials of a run: two such runs have no common column. */
const twiceOfOne = (runs: readonly FoundRun[]): readonly string[] =>
  oneOnly.flatMap((design) => {
    const own = runs.filter(({ record }) => record.design.kind === design);
    if (own.length < 2) return [];
    return [
      `the runs ${listed(own.map(({ record }) => record.runId))} each compare strategies within their own trials (${lowerFirst(designTitles[design])}); name one of them`,
    ];
  });

function promises(runs: readonly FoundRun[]): readonly string[] {
  const texts = new Set(
    runs.flatMap(({ record: { design } }) => (design.kind === 'search' ? [design.promise.text] : [])),
  );
  return texts.size < 2
    ? []
    : [
        `the runs searched capacities under different promises, ${listed([...texts])}; name runs of one promise`,
      ];
}

/** Runs that are looked at. */
const mostLookedAt = 60;

async function newestRuns(out: string): Promise<Reading<Chosen>> {
  const { found, remarks } = await newestOfAll(out, mostLookedAt);
  const base = baseAmong(found);
  if (base === undefined)
    return mistaken(
      `there is no run under ${out}/ that an overview could be made of. Make one with "npm run bench", or name one by its folder`,
      ...remarks,
    );
  const chosen = withBase(base, found);
  const surer = surerWords(
    base,
    found,
    (runId) => `name ${runId}, and the others that you want, to have it told`,
  );
  return good({ ...chosen, remarks: [...surer, ...chosen.remarks, ...remarks] });
}

/** For each other design the newest run that fits those that were taken before it. */
function withBase(base: FoundRun, found: readonly FoundRun[]): Chosen {
  const runs = [base];
  const remarks: string[] = [];
  for (const design of overviewDesigns.filter((each) => each !== base.record.design.kind)) {
    const { taken, remark } = newestOf(design, found, runs);
    if (taken !== null) runs.push(taken);
    if (remark !== null) remarks.push(remark);
  }
  return { runs, remarks };
}

function newestOf(
  design: OverviewDesign,
  found: readonly FoundRun[],
  runs: readonly FoundRun[],
): { readonly taken: FoundRun | null; readonly remark: string | null } {
  const own = found.filter(({ record }) => record.design.kind === design);
  const taken = own.find((run) => passedOver(runs, run) === null) ?? null;
  const [newest] = own;
  const why = newest === undefined ? null : passedOver(runs, newest);
  const remark =
    newest === undefined || why === null
      ? null
      : `Run ${newest.record.runId} (${lowerFirst(designTitles[design])}) was left out, since it ${why}.`;
  return { taken, remark };
}
