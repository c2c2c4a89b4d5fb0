/** One strategy at growing numbers of sessions: fill, weigh, read; then all of them end, at once and by themselves. */
import { messageOf } from '../../infra/machine/errors.ts';
import type { Deployment } from '../../infra/runtimes/runtime.ts';
import { counted, formatCount } from '../../record/counted.ts';
import { type FootprintPoint, mainWeight, type Weighed } from '../../record/footprint.ts';
import { reasonOf } from '../../record/reasons.ts';
import type { Tools } from '../blocks.ts';
import type { FootprintDesign, Plan, PlannedSeries } from '../plan.ts';
import { again } from './again.ts';
import type { SeriesBook } from './book.ts';
import { expire } from './expiry.ts';
import { Crowd, sessionsIn, tellingGrowth } from './fill.ts';
import type { Reading } from './reading.ts';
import { expires } from './readings.ts';
import { expectAlive, type SeriesStep, titleOf } from './step.ts';
import { entriesOf, weigh, weighSettled } from './weigh.ts';
import { loggedPerWrite } from './writes.ts';

/**
 * Of sessions that come and go before the empty store is weighed: what a server takes once, when it is first filled, is no
 * session's. Without them Redis' first 10,000 took half as much again as the next, and a million was predicted 12 % too large.
 */
const FIRST_BYTES = 5_000_000;
/** Redis frees some 2 million sessions in a second, and answers nobody meanwhile. */
const LONGEST_EMPTYING_MS = 120_000;
/** A database writes to its disk what it was filled with, and a login may wait for that. */
const LONGEST_LOGIN_MS = 30_000;

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
  const { before, point } = await emptyPoint(step);
  await book.addEmpty(point, before);
  const crowd = new Crowd(deployment, series.payloadBytes);
  for (const size of series.sizes) {
    tellPrediction(size, step);
    await book.add(await measureSize(size, crowd, step));
  }
  await deployment.thaw();
  context.progress.doing(`Ending all sessions of ${titleOf(series)}`);
  await again(() => deployment.clear(), LONGEST_EMPTYING_MS, context);
  await book.cleared(await weighSettled(deployment, context));
  if (expires(plan, series)) await book.expired(await expire(step));
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

interface EmptyStore {
  readonly point: FootprintPoint;
  /** Before the first sessions came and went. */
  readonly before: Weighed;
}

async function emptyPoint({ deployment, series, tools }: SeriesStep): Promise<EmptyStore> {
  const { payloadBytes } = series;
  const { signal } = tools.context;
  await deployment.clear();
  const before = await weigh(deployment);
  await new Crowd(deployment, payloadBytes).growTo(sessionsIn(FIRST_BYTES, payloadBytes), {
    signal,
    grown() {},
  });
  await deployment.clear();
  const point = {
    sessions: 0,
    weighed: await weigh(deployment),
    entries: await entriesOf(deployment),
    filled: { sessions: 0, seconds: 0 },
    difference: null,
    logged: null,
    trial: null,
  };
  return { before, point };
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
  const title = sizeTitle(size, series);
  await deployment.thaw();
  const before = crowd.size;
  const began = performance.now();
  const grown = tellingGrowth(`Filling ${titleOf(series)}`, { from: before, to: size }, progress);
  await tools.journal.timed('fill', () => crowd.growTo(size, { signal, grown }));
  const filled = { sessions: size - before, seconds: (performance.now() - began) / 1000 };
  progress.doing(`Weighing ${title}`);
  const weighed = await weigh(deployment);
  const entries = await entriesOf(deployment);
  const difference = await again(() => crowd.difference(), LONGEST_LOGIN_MS, tools.context);
  const logged = await loggedAmong(size, step);
  const members = await crowd.members(plan.design.readSessions);
  signal.throwIfAborted();
  const { number } = await reading.read({ series, members, title, spareSeconds: null });
  signal.throwIfAborted();
  expectAlive(deployment);
  return { sessions: size, weighed, entries, filled, difference, logged, trial: number };
}

const sizeTitle = (size: number, series: PlannedSeries): string =>
  `${titleOf(series)}, ${counted(size, 'session')}`;

/** That a few writes failed takes no weighing with it. */
async function loggedAmong(
  size: number,
  { series, tools: { journal, context }, deployment }: SeriesStep,
): Promise<FootprintPoint['logged']> {
  try {
    return await loggedPerWrite(deployment, series.payloadBytes);
  } catch (error) {
    context.signal.throwIfAborted();
    journal.fault(reasonOf('log-unknown', `${sizeTitle(size, series)}: ${messageOf(error)}`));
    return null;
  }
}
