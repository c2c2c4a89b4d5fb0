import { type Finding, findingOf } from '../../record/reasons.ts';
import { countsAgree, countsInWords, givenUp } from '../../record/request-counts.ts';
import type { StrategySummary } from '../../record/summary.ts';
import { formatCount, listed } from '../words/format.ts';
import type { Check } from './check.ts';

/** Three independent counts of the same requests, where there are requests behind a strategy's numbers. */
export const requestCounts: Check = ({ strategies }) =>
  strategies
    .filter(({ status, requests }) => status === 'valid' && (requests.generator ?? 0) > 0)
    .flatMap((strategy) => unknownCounts(strategy) ?? differingCounts(strategy) ?? []);

function unknownCounts({ title, requests: { balancer, apps } }: StrategySummary): Finding | null {
  const unknown = [balancer === null ? ["the balancer's"] : [], apps === null ? ["the apps'"] : []].flat();
  if (unknown.length === 0) return null;
  const message = `${title}: ${listed(unknown)} count of requests is not known, so the generator's stands alone.`;
  return findingOf('counts-unknown', message);
}

function differingCounts({ title, requests, errors }: StrategySummary): Finding | null {
  const { generator, balancer, byBalancer, apps } = requests;
  if (generator === null || balancer === null || apps === null || errors === null) return null;
  const counts = { generator, balancer, byBalancer, apps };
  if (countsAgree(counts, givenUp([{ errors }]))) return null;
  const told = countsInWords(counts, formatCount);
  return findingOf('counts-differ', `${title}: three counts of the same requests differ: ${told}.`);
}
