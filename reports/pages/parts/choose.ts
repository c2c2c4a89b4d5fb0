/** The section "Choose": what this run advises, for published workloads and for the reader's own. */
import { choicesIn, titleIn } from '../../../advice/advise.ts';
import { evidenceFrom } from '../../../advice/evidence/from-runs.ts';
import type { Option } from '../../../advice/options.ts';
import { usualBook } from '../../../advice/prices/usual.ts';
import { type WishPreset, wishPresets } from '../../../advice/wishes/presets.ts';
import { remedyWords } from '../../../advice/words/basis.ts';
import { serversWords } from '../../../advice/words/sentence.ts';
import { eitherOf } from '../../../record/listed.ts';
import { type Answered, type Asked, answered } from '../../advice/asked.ts';
import { details, hint, numbers, paragraph, section, tableOf, terms, words } from '../../document/build.ts';
import type { Section } from '../../document/document.ts';
import type { BlockFacts } from '../../facts/facts.ts';
import { absent, orAbsent } from '../../words/format.ts';

/** None where no strategy was measured that could be advised. */
export function choosePart({ run, strategies, design, trials }: BlockFacts): readonly Section[] {
  if (!strategies.some(({ status }) => status === 'valid')) return [];
  const evidence = evidenceFrom([
    { record: run.record, summary: { strategies: [...strategies], design, trials } },
  ]);
  const asked: Asked = { evidence, book: usualBook, presets: wishPresets };
  const rows = asked.presets.map((preset): Row => ({ preset, ...answered(asked, preset.wishes, 'brief') }));
  return [
    section(
      'choose',
      'Choose',
      'page',
      paragraph(
        'Which strategy, for which scale, promise and budget? What this run measured, with a few prices. "npm run advise" takes more: several runs, and prices of your own.',
      ),
      { kind: 'choose', asked },
      presetTable(rows, usualBook.currency),
      details(
        'Where these workloads come from, and what is assumed of them',
        terms(wishPresets.map(({ title, source, assumed }) => [title, `${source}. Assumed: ${assumed}.`])),
      ),
      hint(`Prices: ${usualBook.title}. They drift: look them up before you rest on them.`),
    ),
  ];
}

interface Row extends Answered {
  readonly preset: WishPreset;
}

function presetTable(rows: readonly Row[], currency: string) {
  return tableOf('Advice for published workloads', rows, [
    [words('Workload'), ({ preset }) => preset.title],
    [words('Use'), useWords],
    [numbers(`${currency} a month`), (row) => chosen(row)?.cost?.monthly.toFixed(2) ?? absent],
    [words('Servers'), (row) => orAbsent(chosen(row), serversWords)],
    [words('Runner-up'), ({ advice }) => titleIn(advice, advice.runnerUp) ?? absent],
  ]);
}

const chosen = ({ advice }: Row): Option | null =>
  advice.options.find(({ name }) => name === advice.choice) ?? null;

/** Where nothing is sure, what would have to be measured. */
function useWords(row: Row): string {
  const { advice } = row;
  const title = chosen(row)?.title ?? null;
  if (advice.kind === 'firm' && title !== null) return eitherOf(choicesIn(advice).map((each) => each.title));
  if (advice.kind === 'none') return 'nothing that was measured';
  const [first] = advice.missing;
  const remedy = first === undefined ? 'npm run bench' : remedyWords(first);
  return `not measured so far: ${remedy}${title === null ? '' : `; then perhaps ${title}`}`;
}
