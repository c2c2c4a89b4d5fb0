/** Where the time of a run went. */
import type { RunRecord } from '../../record/run.ts';
import { duration, percent } from './format.ts';

/** Steps during which the load is on and counted, in the words of the timings. */
const MEASURING = ['measure'];
const LOADING = ['seed', 'warmup', 'drain', 'sweep'];

const sum = (timings: Readonly<Record<string, number>>, steps: readonly string[]): number =>
  steps.reduce((total, step) => total + (timings[step] ?? 0), 0);

/** `Took 2:41: 67 % measuring, 20 % seeding and warming up, 6 % starting servers, …` */
export function whereTimeWent(record: RunRecord): string {
  const { timings } = record;
  const total = record.endedAt ? Date.parse(record.endedAt) - Date.parse(record.startedAt) : 0;
  if (total <= 0) return '';
  const shares: [string, number][] = [
    ['measuring', sum(timings, MEASURING)],
    ['seeding, warming up and draining', sum(timings, LOADING)],
    ['provisioning', sum(timings, ['provision'])],
    ['waiting for a quiet machine', sum(timings, ['wait'])],
    ['filling stores', sum(timings, ['fill'])],
    ['starting servers', sum(timings, ['start'])],
    ['warming up code', sum(timings, ['burst'])],
    ['stopping', sum(timings, ['stop'])],
  ];
  const known = shares.reduce((all, [, spent]) => all + spent, 0);
  const parts = [...shares, ['everything else', Math.max(0, total - known)] as [string, number]]
    .filter(([, spent]) => spent / total >= 0.005)
    .map(([what, spent]) => `${percent(spent / total)} ${what}`);
  return `Took ${duration(total / 1000)}: ${parts.join(', ')}.`;
}
