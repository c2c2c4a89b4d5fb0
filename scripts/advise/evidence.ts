/**
 * What stored runs come to as evidence, or what they advise for published workloads, for pages and tests that keep it:
 * `node scripts/advise/evidence.ts json RUN…`, `node scripts/advise/evidence.ts table RUN… [--against RUN…]…`. With `--against`, whether
 * each set of runs chooses the same; the exit code is then 1 where one does not.
 */
import { advise } from '../../advice/advise.ts';
import type { Evidence } from '../../advice/evidence/evidence.ts';
import { evidenceFrom } from '../../advice/evidence/from-runs.ts';
import { pricesOf } from '../../advice/prices/prices.ts';
import { usualBook } from '../../advice/prices/usual.ts';
import { wishPresets } from '../../advice/wishes/presets.ts';
import { agreementsOf, agreementTable } from './agreement.ts';
import { namedRuns } from './runs.ts';

const prices = pricesOf(usualBook);

/** Rows of Markdown: workload, answer, and what else is said. */
function tableOf(evidence: Evidence): string {
  const rows = wishPresets.map(({ name, title, wishes }) => {
    const [answer = '', ...others] = advise({ evidence, wishes, prices }, 'brief').sentences;
    return `| \`${name}\`: ${title} | ${answer} | ${others.join(' ')} |`;
  });
  return ['| workload | advice | why, and what else |', '|---|---|---|', ...rows].join('\n');
}

/** Sets of folders, one before and after each `--against`. */
function setsIn(folders: readonly string[]): readonly (readonly string[])[] {
  const next = folders.indexOf('--against');
  if (next < 0) return [folders];
  return [folders.slice(0, next), ...setsIn(folders.slice(next + 1))];
}

async function evidenceIn(folders: readonly string[]): Promise<Evidence> {
  const { runs, verifications } = await namedRuns(folders);
  return evidenceFrom(runs, verifications);
}

function tablesOf(sets: readonly Evidence[], names: readonly string[]): string {
  const tables = sets.map((evidence, index) =>
    sets.length === 1 ? tableOf(evidence) : `${names[index] ?? ''}\n\n${tableOf(evidence)}`,
  );
  if (sets.length === 1) return tables.join('\n\n');
  const rows = agreementsOf(sets, prices);
  if (rows.some(({ agreement }) => agreement === 'different')) process.exitCode = 1;
  return [...tables, agreementTable(rows, names)].join('\n\n');
}

const [, , form, ...folders] = process.argv;
const sets: Evidence[] = [];
for (const set of setsIn(folders)) sets.push(await evidenceIn(set));
const names = sets.map(({ runs }) => runs.map(({ id }) => id).join(', '));
process.stdout.write(
  `${form === 'table' ? tablesOf(sets, names) : JSON.stringify(sets.length === 1 ? sets[0] : sets, null, 2)}\n`,
);
