/** Three independent counts of the same requests, and what may lie between them. */
import { type Errors, sumOf } from './common.ts';

export interface RequestCounts {
  readonly generator: number;
  readonly balancer: number;
  /** Of those, the ones that the balancer answered itself, since no app took them or gave an answer; null where unknown. */
  readonly byBalancer: number | null;
  /** All app processes together. */
  readonly apps: number;
}

/** As a trial's record has them; null where the balancer or an app did not tell. */
export function requestCountsOf({
  generator,
  balancer,
  byBalancer,
  apps,
}: Pick<RequestCounts, 'generator' | 'byBalancer'> & {
  readonly balancer: number | null;
  /** An entry for each app process. */
  readonly apps: readonly number[] | null;
}): RequestCounts | null {
  if (balancer === null || apps === null) return null;
  return { generator, balancer, byBalancer, apps: apps.reduce((sum, each) => sum + each, 0) };
}

/** Requests that the generator gave up or lost: the others may have counted them or not. */
export const givenUp = (
  all: readonly { readonly errors: Pick<Errors, 'timeout' | 'connection'> }[],
): number =>
  all.reduce((sum, { errors: { timeout, connection } }) => sum + sumOf({ timeout, connection }), 0);

/**
 * Whether the counts agree but for what is known to lie between them. Where they do not, something else spoke to the servers,
 * or requests went astray unseen.
 * @param loose how many requests were given up: in the measured phase, or before it and still under way then
 */
export function countsAgree(
  { generator, balancer, byBalancer, apps }: RequestCounts,
  loose: number,
): boolean {
  const beforeBalancer = generator - balancer;
  const behindBalancer = balancer - apps;
  return (
    Math.abs(beforeBalancer) <= loose &&
    behindBalancer >= -loose &&
    behindBalancer <= (byBalancer ?? 0) + loose
  );
}

/** `generator 574, balancer 574 (191 answered by itself), apps 383` */
export function countsInWords(
  { generator, balancer, byBalancer, apps }: RequestCounts,
  format: (count: number) => string = String,
): string {
  const own = byBalancer ? ` (${format(byBalancer)} answered by itself)` : '';
  return `generator ${format(generator)}, balancer ${format(balancer)}${own}, apps ${format(apps)}`;
}
