/** The section "Choose": what this run advises, for published workloads and for the reader's own. */
import { evidenceFrom } from '../../../advice/evidence/from-runs.ts';
import { usualBook } from '../../../advice/prices/usual.ts';
import { type WishPreset, wishPresets } from '../../../advice/wishes/presets.ts';
import { type Answered, type Asked, answered } from '../../advice/asked.ts';
import { hint, paragraph, section, tableOf, words } from '../../document/build.ts';
import type { Section } from '../../document/document.ts';
import type { BlockFacts } from '../../facts/facts.ts';

/** None where no strategy was measured that could be advised. */
export function choosePart({ run, strategies, design }: BlockFacts): readonly Section[] {
  if (!strategies.some(({ status }) => status === 'valid')) return [];
  const evidence = evidenceFrom([{ record: run.record, summary: { strategies: [...strategies], design } }]);
  const asked: Asked = { evidence, book: usualBook, presets: wishPresets };
  return [
    section(
      'choose',
      'Choose',
      'page',
      paragraph(
        'Which strategy, for which scale, promise and budget? What this run measured, with a few prices. "npm run advise" takes more: several runs, and prices of your own.',
      ),
      { kind: 'choose', asked },
      presetTable(asked),
      hint(`Prices: ${usualBook.title}. They drift: look them up before you rest on them.`),
    ),
  ];
}

interface Row extends Answered {
  readonly preset: WishPreset;
}

function presetTable(asked: Asked) {
  const rows = asked.presets.map((preset): Row => ({ preset, ...answered(asked, preset.wishes, 'brief') }));
  return tableOf('Advice for published workloads', rows, [
    [words('Workload'), ({ preset }) => preset.title],
    [words('Advice'), ({ advice }) => advice.sentences.slice(0, 2).join(' ')],
    [words('Source'), ({ preset }) => preset.source],
    [words('Assumed'), ({ preset }) => preset.assumed],
  ]);
}
