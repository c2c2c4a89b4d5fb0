import type { Finding } from '../../record/reasons.ts';
import type { StrategySummary } from '../../record/summary.ts';
import { formatCount, listed } from '../words/format.ts';
import type { Check } from './check.ts';

/** Three independent counts of the same requests, where there are requests behind a strategy's numbers. */
export const requestCounts: Check = ({ strategies }) =>
  strategies
    .filter(({ status, requests }) => status === 'valid' && requests.generator > 0)
    .flatMap((strategy) => unknownCounts(strategy) ?? differingCounts(strategy) ?? []);

function unknownCounts({ title, requests: { balancer, apps } }: StrategySummary): Finding | null {
  const unknown = [balancer === null ? "the balancer's" : null, apps === null ? "the apps'" : null].filter(
    (each) => each !== null,
  );
  if (unknown.length === 0) return null;
  return {
    severity: 'note',
    code: 'counts-unknown',
    message: `${title}: ${listed(unknown)} count of requests is not known, so the generator's stands alone.`,
    remedy: "See the trial's logs for why a counter could not be read.",
  };
}

function differingCounts({ title, requests }: StrategySummary): Finding | null {
  const { generator, balancer, apps } = requests;
  if (generator === balancer && generator === apps) return null;
  return {
    severity: 'warning',
    code: 'counts-differ',
    message: `${title}: three counts of the same requests differ: generator ${formatCount(generator)}, balancer ${formatCount(balancer ?? 0)}, apps ${formatCount(apps ?? 0)}.`,
    remedy:
      'Something else spoke to the servers, or answers were lost; look for other clients and at the logs.',
  };
}
