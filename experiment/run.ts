/** A whole run, from provisioning to the last trial. What was measured is on the disk after every trial. */
import { messageOf } from '../infra/machine/errors.ts';
import type { Lack } from '../infra/machine/lack.ts';
import type { Availability, NetworkMode, Strategy } from '../infra/runtimes/runtime.ts';
import { appMain } from '../infra/strategies.ts';
import { headlineOf } from '../record/log-lines.ts';
import { reasonOf } from '../record/reasons.ts';
import type { RunRecord } from '../record/run.ts';
import { isUnwritable, UserError } from '../record/user-error.ts';
import { runBlocks } from './blocks.ts';
import { withWatchedCode } from './code-watch.ts';
import type { RunContext } from './context.ts';
import { runDistance } from './distance/run.ts';
import { runFaults } from './faults/run.ts';
import { runFootprint } from './footprint/run.ts';
import { RunJournal } from './journal.ts';
import { type Design, networkOf, type Plan, proxiesOf } from './plan.ts';
import { runSearch } from './search/run.ts';
import { runSides } from './sides/run.ts';
import { type AppOptions, Trials } from './trials.ts';

export interface EndedRun {
  readonly record: RunRecord;
  /** Why the run's folder does not hold all that was measured; null where it does. */
  readonly unwritten: UserError | null;
}

/**
 * Runs the plan, and stops whatever was started. Ends with the run's record, also when it was interrupted, nothing could
 * run, or the disk was full.
 * @throws UserError when a topology cannot be run, say; never for want of room
 */
export async function runExperiment(plan: Plan, context: RunContext): Promise<EndedRun> {
  const { signal } = context;
  const journal = new RunJournal(plan, context);
  const { record } = journal;
  let unwritten: UserError | null = null;
  try {
    await journal.write();
    await withWatchedCode(plan, journal, () => measure(plan, context, journal), context.repository);
    record.status = signal.aborted ? 'interrupted' : 'finished';
  } catch (error) {
    record.status = signal.aborted ? 'interrupted' : 'failed';
    if (isUnwritable(error)) unwritten = error;
    else if (error instanceof UserError) throw error;
    else if (!signal.aborted) failed(error, context, journal);
  } finally {
    await stopServers(context, journal);
  }
  record.endedAt = new Date().toISOString();
  if (unwritten) journal.fault(reasonOf('results-unwritten', unwritten.message));
  return { record, unwritten: unwritten ?? (await writeLast(journal)) };
}

/** What was measured is in memory too, so that it can be shown where the disk is full. */
async function writeLast(journal: RunJournal): Promise<UserError | null> {
  try {
    await journal.write();
    return null;
  } catch (error) {
    if (isUnwritable(error)) return error;
    throw error;
  }
}

async function measure(plan: Plan, context: RunContext, journal: RunJournal): Promise<void> {
  const { design } = plan;
  const provided = await provision(plan, context, journal);
  const trials = new Trials(plan, context, journal, ({ name }) => appOf(design, name));
  if (design.kind === 'footprint')
    return await runFootprint({ ...plan, design }, provided, { trials, journal, context });
  const running = await trials.startServers(provided);
  if (running.length === 0) journal.record.plan.order = [];
  if (running.length === 0 || context.signal.aborted) return;
  const tools = { trials, journal, context };
  switch (design.kind) {
    case 'blocks':
      return await runBlocks({ ...plan, design }, running, tools);
    case 'search':
      return await runSearch({ ...plan, design }, running, tools);
    case 'sides':
      return await runSides({ ...plan, design }, running, tools);
    case 'faults':
      return await runFaults({ ...plan, design }, running, tools);
    case 'distance':
      return await runDistance({ ...plan, design }, running, tools);
  }
}

/** @returns the strategies whose servers are here; what the others lack is in the journal */
async function provision(
  { strategies, design }: Plan,
  { runtime, progress }: RunContext,
  journal: RunJournal,
): Promise<readonly Strategy[]> {
  progress.doing('Looking for servers and k6');
  const ask = (network: NetworkMode) =>
    runtime.provision(strategies, (line) => progress.say(`  ${line}`), network);
  const found = await journal.timed('provision', async () => {
    const wanted = await ask(proxiesOf(design));
    if (design.kind !== 'faults' || wanted.every(({ status }) => status === 'available')) return wanted;
    const direct = await ask('direct');
    const lacks = lacksOfProxies(wanted, direct);
    // What a runtime can deploy is what it was asked for last.
    if (lacks.length === 0) return await ask(proxiesOf(design));
    for (const { what, why, remedy } of lacks)
      journal.fault(reasonOf('missing', `Faults of the network could not be done: ${what}: ${why}`, remedy));
    return direct;
  });
  const available = new Set<string>();
  for (const each of found) {
    if (each.status === 'available') {
      available.add(each.strategy);
      continue;
    }
    journal.lacking(each.strategy, each.lacks);
    for (const { what, why, remedy } of each.lacks)
      progress.say(`${each.strategy} cannot run here: ${what}: ${why}. ${remedy}`);
  }
  const { versions } = journal.record;
  if (available.size > 0) versions.push({ ...(await runtime.generatorVersion()) });
  if (runtime.engine) versions.push({ ...runtime.engine });
  return strategies.filter(({ name }) => available.has(name));
}

/** What proxies want, since a run of faults has others to do without them; empty where strategies lack something of their own alone. */
function lacksOfProxies(wanted: readonly Availability[], direct: readonly Availability[]): readonly Lack[] {
  const able = new Set(direct.filter(({ status }) => status === 'available').map(({ strategy }) => strategy));
  const lacking = wanted.find(({ status, strategy }) => status === 'unavailable' && able.has(strategy));
  return lacking?.status === 'unavailable' ? lacking.lacks : [];
}

/** This checkout's app, unless the design has the strategy as a side with code of its own, or with more apps. */
function appOf(design: Design, strategy: string): AppOptions {
  const side = design.kind === 'sides' ? design.apps.get(strategy) : undefined;
  const scaled = design.kind === 'search' && design.scaled.find((each) => each.strategy === strategy);
  return {
    ...(side ?? { appMain, slowdown: null }),
    network: networkOf(design),
    ...(scaled && { apps: scaled.apps }),
  };
}

function failed(error: unknown, { progress }: RunContext, journal: RunJournal): void {
  const message = messageOf(error);
  journal.fault(reasonOf('run-failed', message));
  progress.say(`The run failed: ${headlineOf(message)}`);
}

async function stopServers({ runtime, progress }: RunContext, journal: RunJournal): Promise<void> {
  progress.doing('Stopping servers');
  const errors = await journal.timed('stop', () => runtime.close());
  for (const { message } of errors) journal.fault(reasonOf('stop-failed', message));
}
