/** What others did on the machine while the run measured: trials that were put off, measured again, or lost to it. */
import { disturbanceOf, type LoudUser, loudest, loudWords } from '../../record/noise.ts';
import type { ReadRun } from '../../record/read/run.ts';
import { type Finding, findingOf } from '../../record/reasons.ts';
import type { StrategySummary } from '../../record/summary.ts';
import type { TrialRecord } from '../../record/trial.ts';
import type { BlockFacts } from '../facts/facts.ts';
import { titleOf } from '../facts/facts.ts';
import { counted, formatCount, listed } from '../words/format.ts';
import type { Check } from './check.ts';

const recordsOf = ({ trials }: ReadRun): TrialRecord[] =>
  trials.flatMap((trial) => (trial.kind === 'valid' || trial.kind === 'invalid' ? [trial.record] : []));

/** Those who were loud before or in a trial that is invalid, and before one that is valid. */
const heardBy = ({ noise, status }: TrialRecord): readonly LoudUser[] =>
  noise === null ? [] : [...noise.waitedFor, ...(status === 'invalid' ? noise.loud : [])];

function named(heard: readonly LoudUser[]): string {
  const users = loudest(heard);
  return users.length === 0 ? '' : `: ${loudWords(users)}`;
}

/**
 * Strategies that lack blocks because the machine disturbed every trial of them, and who did. Runs of before, which waited for
 * nothing, tell it with their trials.
 */
export const blocksLost: Check<BlockFacts> = (facts) =>
  facts.run.record.patience === null ? [] : facts.inOrder.flatMap((strategy) => lostBy(facts, strategy));

function lostBy(facts: BlockFacts, { name }: Pick<StrategySummary, 'name'>): Finding[] {
  const own = recordsOf(facts.run).filter(({ strategy }) => strategy === name);
  const lost = [...Map.groupBy(own, ({ block }) => block)].filter(
    ([, trials]) =>
      trials.every(({ status }) => status === 'invalid') &&
      trials.some((trial) => disturbanceOf(trial) !== null),
  );
  if (lost.length === 0) return [];
  const blocks = lost.map(([block]) => block).sort((a, b) => a - b);
  const which = `${formatCount(lost.length)} of ${counted(facts.design.blocks, 'block')} (${listed(blocks.map(String))})`;
  const why = `every trial of ${lost.length === 1 ? 'it' : 'them'} was disturbed`;
  const message = `${titleOf(facts, name)} has no valid trial in ${which}: ${why}${named(lost.flatMap(([, trials]) => trials.flatMap(heardBy)))}.`;
  return [findingOf('blocks-lost', message)];
}

/** How much of its patience a run used, and for whom. */
export function machineLoud(run: ReadRun): Finding[] {
  const { patience } = run.record;
  if (patience === null || (patience.waitedSeconds < 1 && patience.repeats === 0)) return [];
  const { allowedSeconds, waitedSeconds, waitedFor, repeats, repeatedSeconds } = patience;
  const heard = [...waitedFor, ...recordsOf(run).flatMap(heardBy)];
  const seconds = (value: number): string => `${formatCount(value)} s`;
  const again =
    repeats === 0
      ? 'measured nothing again'
      : `measured ${counted(repeats, 'disturbed trial')} again in ${seconds(repeatedSeconds)}`;
  const message = `The run waited ${seconds(waitedSeconds)} for a quiet machine and ${again}, of ${seconds(allowedSeconds)} that it had for both${named(heard)}.`;
  return [findingOf('machine-loud', message)];
}
