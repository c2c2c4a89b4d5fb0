/**
 * What stored runs come to as evidence, or what they advise for published workloads, for pages and tests that keep it:
 * `node scripts/advise/evidence.ts json RUN…`, `node scripts/advise/evidence.ts table RUN…`.
 */
import { advise } from '../../advice/advise.ts';
import type { Evidence } from '../../advice/evidence/evidence.ts';
import { evidenceFrom } from '../../advice/evidence/from-runs.ts';
import { pricesOf } from '../../advice/prices/prices.ts';
import { usualBook } from '../../advice/prices/usual.ts';
import { wishPresets } from '../../advice/wishes/presets.ts';
import { namedRuns } from './runs.ts';

/** Rows of Markdown: workload, answer, and what else is said. */
function tableOf(evidence: Evidence): string {
  const rows = wishPresets.map(({ name, title, wishes }) => {
    const [answer = '', ...others] = advise(
      { evidence, wishes, prices: pricesOf(usualBook) },
      'brief',
    ).sentences;
    return `| \`${name}\`: ${title} | ${answer} | ${others.join(' ')} |`;
  });
  return ['| workload | advice | why, and what else |', '|---|---|---|', ...rows].join('\n');
}

const [, , form, ...folders] = process.argv;
const evidence = evidenceFrom((await namedRuns(folders)).runs);
process.stdout.write(`${form === 'table' ? tableOf(evidence) : JSON.stringify(evidence, null, 2)}\n`);
