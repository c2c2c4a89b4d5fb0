/** What becomes of memory and of others' reads when sessions go, where it is not known: the table has "—" there, this says why. */
import { type FootprintExpiry, type FootprintSeries, mainWeight } from '../../record/footprint.ts';
import { headlineOf } from '../../record/log-lines.ts';
import { findingOf } from '../../record/reasons.ts';
import type { FootprintFacts } from '../facts/facts.ts';
import { listed } from '../words/format.ts';
import type { Check } from './check.ts';
import { nameOf } from './footprint.ts';

/** A series that was stopped says why by itself. */
export const goingUnknown: Check<FootprintFacts> = (facts) =>
  facts.run.footprint
    .filter(({ status }) => status === 'measured')
    .flatMap((series) => {
      const gaps = [...memoryGaps(series), ...expiryGaps(series, facts)];
      return gaps.length === 0
        ? []
        : [findingOf('going-unknown', `${nameOf(facts, series)}: ${listed(gaps)}.`)];
    });

const memoryGaps = ({ weighedCleared, keptIn }: FootprintSeries): string[] =>
  weighedCleared !== null && weighedCleared[mainWeight[keptIn]] !== null
    ? []
    : ['nobody tells what was still taken once all were ended'];

/** Sessions of the smallest payload alone end by themselves. */
function expiryGaps({ expiry, payloadBytes }: FootprintSeries, facts: FootprintFacts): string[] {
  if (payloadBytes !== facts.design.payloads[0]) return [];
  if (expiry === null) return ['it was not watched how sessions end by themselves'];
  return [
    ...(expiry.gone === null ? ['nobody counts the sessions that are left'] : []),
    ...readsBefore(expiry, facts),
    ...invalidReads('while sessions ended', expiry.trialDuring, facts),
  ];
}

const readsBefore = ({ trialBefore }: FootprintExpiry, facts: FootprintFacts): string[] =>
  trialBefore === null
    ? ['filling took so long that nothing was read before sessions ended']
    : invalidReads('before sessions ended', trialBefore, facts);

/** Nothing of a trial that is valid; one that is gone is told as a file that cannot be read. */
function invalidReads(when: string, number: number | null, { trials }: FootprintFacts): string[] {
  const trial = trials.find((each) => each.number === number);
  if (trial?.status !== 'invalid') return [];
  const why = trial.reasons[0]?.message ?? 'it is not valid';
  return [`what reads cost ${when} (trial ${number}) is not known, since ${headlineOf(why)}`];
}
