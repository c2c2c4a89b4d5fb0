/** Whether sets of measurements advise the same strategy: a row for each question, with what each set chooses. */
import { type Advice, advise, choicesIn } from '../../advice/advise.ts';
import type { Evidence } from '../../advice/evidence/evidence.ts';
import type { Prices } from '../../advice/prices/prices.ts';
import { type WishPreset, wishPresets } from '../../advice/wishes/presets.ts';
import { eitherOf } from '../../record/listed.ts';

/**
 * `level`: they choose differently, and each tells the other's choice as level with its own.
 * `unanswered`: a set does not reach the question, or leaves open what another chooses, and no two choose differently of what both
 * reach.
 */
export type Agreement = 'same' | 'level' | 'different' | 'unanswered';

export interface AgreementRow {
  readonly preset: WishPreset;
  /** One of each set. */
  readonly advices: readonly Advice[];
  readonly agreement: Agreement;
}

export function agreementsOf(
  sets: readonly Evidence[],
  prices: Prices,
  presets: readonly WishPreset[] = wishPresets,
): readonly AgreementRow[] {
  return presets.map((preset) => {
    const advices = sets.map((evidence) => advise({ evidence, wishes: preset.wishes, prices }, 'brief'));
    return { preset, advices, agreement: agreementIn(advices) };
  });
}

function agreementIn(advices: readonly Advice[]): Agreement {
  const answered = advices.filter(({ kind }) => kind !== 'open');
  const pairs = answered.flatMap((one, at) => answered.slice(at + 1).map((other) => [one, other] as const));
  const differing = pairs.filter(([one, other]) => strategyOf(one) !== strategyOf(other));
  const beyondNoise = differing.filter(([one, other]) => !takes(one, other) || !takes(other, one));
  if (beyondNoise.some(([one, other]) => !leavesOpen(one, other) && !leavesOpen(other, one)))
    return 'different';
  if (answered.length < advices.length || beyondNoise.length > 0) return 'unanswered';
  return differing.length === 0 ? 'same' : 'level';
}

/** Whether what another set chooses is among what is level there. */
const takes = (advice: Advice, other: Advice): boolean =>
  choicesIn(advice).some(({ candidate }) => candidate.strategy.name === strategyOf(other));

/** Whether nothing is known there of the strategy that another set chooses, so that it may do too. */
function leavesOpen({ options }: Advice, other: Advice): boolean {
  const chosen = strategyOf(other);
  const own = options.filter(({ candidate }) => candidate.strategy.name === chosen);
  return own.some(({ status }) => status === 'open') && own.every(({ status }) => status !== 'meets');
}

/** Null where nothing will do. Who runs its servers is no other choice of a strategy: some dollars decide that. */
const strategyOf = ({ choice, options }: Advice): string | null =>
  options.find(({ name }) => name === choice)?.candidate.strategy.name ?? null;

/** As Markdown: a row for each question, and last how many agree. */
export function agreementTable(rows: readonly AgreementRow[], names: readonly string[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const count = (agreement: Agreement): number => rows.filter((row) => row.agreement === agreement).length;
  return [
    line(['workload', ...names, 'the same']),
    line(['---', ...names.map(() => '---'), '---']),
    ...rows.map(({ preset, advices, agreement }) =>
      line([`\`${preset.name}\``, ...advices.map(choiceWords), agreementWords[agreement]]),
    ),
    '',
    `The same choice for ${count('same')} of ${rows.length}, one that is told as level for ${count('level')}, another for ${count('different')}; ${count('unanswered')} are not answered by all, or one leaves open what another chooses.`,
  ].join('\n');
}

const agreementWords: Readonly<Record<Agreement, string>> = {
  same: 'yes',
  level: 'level',
  different: '**no**',
  unanswered: '—',
};

function choiceWords(advice: Advice): string {
  if (advice.kind === 'none') return 'nothing will do';
  if (advice.kind === 'open') return 'not answered';
  return eitherOf(
    choicesIn(advice).map(({ title, cost }) => `${title} (${cost?.monthly.toFixed(2) ?? '—'})`),
  );
}
