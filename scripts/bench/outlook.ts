/** What a comparison can find, by the noise of the last runs on this machine. */
import path from 'node:path';
import type { BlocksDesign, Plan } from '../../experiment/plan.ts';
import { type HostFingerprint, readHost } from '../../infra/machine/host.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { counted } from '../../record/counted.ts';
import { type ReadRun, readRunRecord, readTrialsOf } from '../../record/read/run.ts';
import type { RunRecord } from '../../record/run.ts';
import { UserError } from '../../record/user-error.ts';
import { assumedNoise, noiseOf, type PairNoise } from '../../reports/outlook/noise.ts';
import { blindWords, sightWords } from '../../reports/outlook/sight.ts';
import { metricTitle } from '../../reports/words/metric.ts';
import { runIds } from '../cli/stored-runs.ts';
import { areAlike, sizeOf, tooSmall } from './trial-size.ts';

/** Runs that are looked at, the newest first; noise of long ago is of another machine. */
const MOST_LOOKED_AT = 30;
const MOST_USED = 3;

/**
 * One sentence without its end.
 * @param able those of the plan's strategies that can run here
 * @param out folder that has the stored runs
 */
export async function outlookOf(
  plan: Plan<BlocksDesign>,
  able: readonly Strategy[],
  out: string,
): Promise<string> {
  const [first, ...others] = able;
  if (first && others.length === 0 && plan.strategies.length > 1)
    return `no difference, since of these strategies only ${first.name} can run here`;
  const size = { blocks: plan.design.blocks, strategies: able.length };
  const blind = blindWords(size);
  if (blind !== null) return blind;
  const runs = await fittingRuns(plan, out, await readHost());
  const noise = noiseOf(runs);
  if (noise.size > 0) return sightWords(size, noise, originOf(runs));
  const small = tooSmall(sizeOf(plan));
  if (small !== null)
    return `unknown: no run here tells how much ${small} differ. A higher --rate or a longer --duration has more requests`;
  const assumed = assumedNoise(plan.workload.mix);
  return sightWords(size, assumed, `no run here tells the noise; assumed: ${noiseWords(assumed)}`);
}

/** Runs of the same kind on this machine, with trials about as large, newest first. */
async function fittingRuns(
  plan: Plan<BlocksDesign>,
  out: string,
  host: HostFingerprint,
): Promise<readonly ReadRun[]> {
  const fitting: ReadRun[] = [];
  for (const name of (await runIds(out)).slice(0, MOST_LOOKED_AT)) {
    if (fitting.length === MOST_USED) break;
    const folder = path.join(out, name);
    const record = await readOrNull(folder);
    if (record !== null && fits(record, plan, host)) fitting.push(await readTrialsOf(record, folder));
  }
  return fitting;
}

/** What cannot be read any more tells nothing. */
async function readOrNull(folder: string): Promise<RunRecord | null> {
  try {
    return await readRunRecord(folder);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function fits(record: RunRecord, plan: Plan<BlocksDesign>, host: HostFingerprint): boolean {
  const { design, scenario, faults } = record;
  const sameMachine = (['hostname', 'cpuModel', 'cores'] as const).every(
    (field) => record.host[field] === host[field],
  );
  return (
    design.kind === 'blocks' &&
    sameMachine &&
    scenario.name === plan.workload.name &&
    areAlike(record, sizeOf(plan)) &&
    !faults.some(({ code }) => code === 'noise-tolerated')
  );
}

function originOf(runs: readonly ReadRun[]): string {
  const [newest] = runs;
  const { runId, plan } = newest?.record ?? { runId: '', plan: { measureSeconds: 0 } };
  const which = runs.length === 1 ? runId : `the last ${counted(runs.length, 'run')}, up to ${runId}`;
  return `by the noise of ${which}, with trials of ${plan.measureSeconds} s`;
}

const noiseWords = (noise: PairNoise): string =>
  `two trials differ by ${[...noise].map(([metric, spread]) => `${Math.round(spread * 100)} % in ${metricTitle(metric)}`).join(', ')}`;
