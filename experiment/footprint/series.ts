/** One strategy at growing numbers of sessions: fill, weigh, read; then all of them end, at once and by themselves. */
import type { Deployment } from '../../infra/runtimes/runtime.ts';
import { counted, formatCount } from '../../record/counted.ts';
import { type FootprintPoint, mainWeight } from '../../record/footprint.ts';
import { reasonOf } from '../../record/reasons.ts';
import type { Tools } from '../blocks.ts';
import type { FootprintDesign, Plan, PlannedSeries } from '../plan.ts';
import type { SeriesBook } from './book.ts';
import { empty } from './empty.ts';
import { expire } from './expiry.ts';
import { Crowd, sessionsIn } from './fill.ts';
import type { Reading } from './reading.ts';
import { expectAlive, type SeriesStep, titleOf } from './step.ts';
import { entriesOf, weigh, weighSettled } from './weigh.ts';
import { loggedPerWrite } from './writes.ts';

/**
 * Of sessions that come and go before the empty store is weighed: what a server takes once, when it is first filled, is no
 * session's. Without them Redis' first 10,000 took half as much again as the next, and a million was predicted 12 % too large.
 */
const FIRST_BYTES = 5_000_000;

/**
 * Measures a series. What was measured is in the book when this throws.
 * @throws Error when a step failed; the reason of the signal when the run was interrupted
 */
export async function measureSeries(
  plan: Plan<FootprintDesign>,
  series: PlannedSeries,
  book: SeriesBook,
  reading: Reading,
  tools: Tools,
): Promise<void> {
  const { context } = tools;
  const deployment = await begun(series, tools);
  const step = { plan, series, book, reading, tools, deployment };
  await book.add(await emptyPoint(step));
  const crowd = new Crowd(deployment, series.payloadBytes);
  for (const size of series.sizes) {
    tellPrediction(size, step);
    await book.add(await measureSize(size, crowd, step));
  }
  await deployment.thaw();
  await empty(deployment, context);
  await book.cleared(await weighSettled(deployment, context));
  if (series.payloadBytes !== plan.design.payloads[0] || plan.design.watchSeconds === 0) return;
  await book.expired(await expire(step));
}

/** Servers of its own, whose code is warm. */
async function begun({ strategy }: PlannedSeries, { trials, journal, context }: Tools): Promise<Deployment> {
  const start = await trials.startInstead(strategy);
  context.signal.throwIfAborted();
  if (start.status === 'failed') {
    const message = `${strategy.name} did not start: ${start.error.message}`;
    journal.notStarted(strategy.name, reasonOf('not-started', message));
    throw new Error(message);
  }
  await trials.bursts([strategy]);
  context.signal.throwIfAborted();
  await start.deployment.thaw();
  return start.deployment;
}

async function emptyPoint({ deployment, series, tools }: SeriesStep): Promise<FootprintPoint> {
  const { payloadBytes } = series;
  const { signal } = tools.context;
  await deployment.clear();
  await new Crowd(deployment, payloadBytes).growTo(sessionsIn(FIRST_BYTES, payloadBytes), {
    signal,
    grown() {},
  });
  await deployment.clear();
  const weighed = await weigh(deployment);
  return {
    sessions: 0,
    weighed,
    entries: await entriesOf(deployment),
    filled: { sessions: 0, seconds: 0 },
    difference: null,
    logged: null,
    trial: null,
  };
}

/** The largest is predicted before it is measured. */
function tellPrediction(size: number, { series, book, tools }: SeriesStep): void {
  const weight = mainWeight[series.keptIn];
  const fit = book.record.fits.find((each) => each.weight === weight);
  if (!fit?.heldOut || fit.heldOut.sessions !== size) return;
  const mebibytes = formatCount(fit.heldOut.predictedBytes / 2 ** 20);
  tools.context.progress.say(
    `${titleOf(series)}: ${counted(size, 'session')} are predicted to take ${mebibytes} MiB`,
  );
}

async function measureSize(size: number, crowd: Crowd, step: SeriesStep): Promise<FootprintPoint> {
  const { plan, series, reading, tools, deployment } = step;
  const { signal, progress } = tools.context;
  const title = `${titleOf(series)}, ${counted(size, 'session')}`;
  await deployment.thaw();
  const before = crowd.size;
  const began = performance.now();
  const grown = (sessions: number): void =>
    progress.doing(`Filling ${titleOf(series)}: ${formatCount(sessions)} of ${formatCount(size)}`);
  await tools.journal.timed('fill', () => crowd.growTo(size, { signal, grown }));
  const filled = { sessions: size - before, seconds: (performance.now() - began) / 1000 };
  progress.doing(`Weighing ${title}`);
  const weighed = await weigh(deployment);
  const entries = await entriesOf(deployment);
  const difference = await crowd.difference();
  const logged = await loggedPerWrite(deployment, series.payloadBytes);
  const members = await crowd.members(plan.design.readSessions);
  signal.throwIfAborted();
  const { number } = await reading.read(series.strategy, members, {
    payloadBytes: series.payloadBytes,
    title,
  });
  signal.throwIfAborted();
  expectAlive(deployment);
  return { sessions: size, weighed, entries, filled, difference, logged, trial: number };
}
