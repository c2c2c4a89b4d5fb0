/** What the steps of a series share. */
import type { Deployment } from '../../infra/runtimes/runtime.ts';
import { formatCount } from '../../record/counted.ts';
import type { Tools } from '../blocks.ts';
import type { FootprintDesign, Plan, PlannedSeries } from '../plan.ts';
import type { SeriesBook } from './book.ts';
import type { Reading } from './reading.ts';

export interface SeriesStep {
  readonly plan: Plan<FootprintDesign>;
  readonly series: PlannedSeries;
  readonly book: SeriesBook;
  readonly reading: Reading;
  readonly tools: Tools;
  readonly deployment: Deployment;
}

export const titleOf = ({ strategy, payloadBytes }: PlannedSeries): string =>
  `${strategy.name}, ${formatCount(payloadBytes)} B`;

/** A deployment that lost a server is replaced by an empty one: what was in it is gone. */
export function expectAlive(deployment: Deployment): void {
  const [exit] = deployment.unexpectedExits();
  if (exit) throw new Error(`${exit.service} ended with ${exit.cause}, and its sessions are gone`);
}
