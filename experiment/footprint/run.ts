/**
 * The design that weighs what sessions take: one strategy after the other, each alone on the machine, at growing numbers of
 * sessions of one size after the other. What was found is on the disk after every step.
 */
import { messageOf } from '../../infra/machine/errors.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { headlineOf } from '../../record/log-lines.ts';
import { reasonOf } from '../../record/reasons.ts';
import { UserError } from '../../record/user-error.ts';
import type { Tools } from '../blocks.ts';
import type { FootprintDesign, Plan } from '../plan.ts';
import { openBooks, type SeriesBook } from './book.ts';
import { Reading } from './reading.ts';
import { measureSeries } from './series.ts';
import { titleOf } from './step.ts';

export async function runFootprint(
  plan: Plan<FootprintDesign>,
  provided: readonly Strategy[],
  tools: Tools,
): Promise<void> {
  const { journal, context } = tools;
  const { signal } = context;
  const names = new Set(provided.map(({ name }) => name));
  const series = plan.design.series.filter(({ strategy }) => names.has(strategy.name));
  const books = openBooks(series, context.results);
  const reading = new Reading(plan, series, tools);
  journal.record.plan.order = [];
  for (const { name } of provided)
    if (!series.some(({ strategy }) => strategy.name === name))
      journal.notStarted(
        name,
        reasonOf('sizes-left-out', 'fewer than two numbers of sessions have room here'),
      );
  await journal.write();
  for (const [at, each] of series.entries()) {
    const book = books[at];
    if (signal.aborted || !book) return;
    await book.begin();
    try {
      await measureSeries(plan, each, book, reading, tools);
      await book.end('measured');
    } catch (error) {
      if (error instanceof UserError) throw error;
      await stopped(error, titleOf(each), book, tools);
    }
    reading.seriesEnded();
  }
}

/** What failed in one series says nothing of the others. What an interruption made fail is no fault. */
async function stopped(
  error: unknown,
  title: string,
  book: SeriesBook,
  { context: { progress, signal } }: Tools,
): Promise<void> {
  if (signal.aborted) return await book.end('stopped', 'the run was interrupted');
  const why = messageOf(error);
  progress.say(headlineOf(`${title}: ${why}`));
  await book.end('stopped', why);
}
