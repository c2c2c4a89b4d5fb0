/** A whole run, from provisioning to the last trial. What was measured is on disk after every trial. */
import type { Placement, Runtime, Strategy } from '../infra/runtimes/runtime.ts';
import { appMain } from '../infra/strategies.ts';
import type { Reason } from '../record/common.ts';
import type { RunRecord } from '../record/run.ts';
import type { TrialRecord } from '../record/trial.ts';
import { ResultsError, type ResultsFolder } from '../record/write.ts';
import { Driver } from './drive.ts';
import { Fleet, type Start } from './fleet.ts';
import { lackAsReason, type RunJournal, startJournal } from './journal.ts';
import {
  blockOrders,
  drivesFirst,
  lengthened,
  type Plan,
  startsAnew,
  trialSeconds,
  worthMeasuring,
} from './plan.ts';
import type { Progress } from './progress.ts';
import { chooseRate, type FoundRate, givenRate } from './rate.ts';
import { searchCapacities } from './search/capacity.ts';
import { noPacing, runTrial } from './trial.ts';
import { wasDisturbed } from './validity.ts';

/** Idle life of sessions while measuring: longer than any trial, so that none ends by itself. */
const SESSION_TTL_SECONDS = 3600;
/** A store that has not answered by then has failed, and the app says 503. */
const STORE_TIMEOUT_MS = 2000;

export interface Experiment {
  readonly plan: Plan;
  readonly runtime: Runtime;
  readonly placement: Placement;
  readonly results: ResultsFolder;
  readonly runId: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function provision(experiment: Experiment, journal: RunJournal): Promise<readonly Strategy[]> {
  const { plan, runtime, progress } = experiment;
  progress.doing('Looking for servers and k6');
  const found = await runtime.provision(plan.strategies, (line) => progress.say(`  ${line}`));
  for (const each of found) {
    if (each.status === 'available') continue;
    journal.strategyNotMeasured(each.strategy, each.lacks.map(lackAsReason));
    for (const lack of each.lacks) {
      progress.say(`${each.strategy} cannot run here: ${lack.what}: ${lack.why}. ${lack.remedy}`);
    }
  }
  const able = new Set(found.filter(({ status }) => status === 'available').map(({ strategy }) => strategy));
  return plan.strategies.filter(({ name }) => able.has(name));
}

const startFailure = (start: Extract<Start, { status: 'failed' }>): Reason => ({
  code: 'not-started',
  message: `${start.strategy.name} did not start: ${start.error.message}`,
  remedy: 'Read the log lines above; "npm run doctor" checks what this machine has.',
});

async function startFleet(
  experiment: Experiment,
  journal: RunJournal,
  fleet: Fleet,
  strategies: readonly Strategy[],
): Promise<readonly Strategy[]> {
  if (strategies.length > 0)
    experiment.progress.doing(`Starting ${strategies.map(({ name }) => name).join(', ')}`);
  const running: Strategy[] = [];
  for (const start of await fleet.startAll(strategies, experiment.signal)) {
    if (start.status === 'started') {
      running.push(start.deployment.strategy);
      const { strategy, versions, budgets } = start.deployment;
      journal.strategyVersions(strategy.name, versions, budgets);
    } else {
      const reason = startFailure(start);
      journal.strategyNotMeasured(start.strategy.name, [reason]);
      experiment.progress.say(reason.message);
    }
  }
  return strategies.filter(({ name }) => running.some((each) => each.name === name));
}

async function findRate(
  { plan }: Experiment,
  driver: Driver,
  strategies: readonly Strategy[],
): Promise<FoundRate> {
  const probed = drivesFirst(plan) ? await driver.all(strategies) : {};
  return plan.rate.mode === 'auto' ? chooseRate(probed) : givenRate(plan.rate.value);
}

/** What one process happens to be (its memory layout, what was compiled when) is not what a comparison asks for. */
async function renewFleet(
  experiment: Experiment,
  journal: RunJournal,
  driver: Driver,
  fleet: Fleet,
  strategies: readonly Strategy[],
): Promise<void> {
  experiment.progress.doing('Starting all servers anew');
  await timed(journal, 'start', () => fleet.renew(strategies, experiment.signal));
  await timed(journal, 'size up', () => driver.all(strategies));
}

function failedTrial(
  spec: { number: number; block: number; rate: number },
  strategy: string,
  reason: Reason,
): TrialRecord {
  return {
    schemaVersion: 1,
    number: spec.number,
    block: spec.block,
    strategy,
    status: 'invalid',
    reasons: [reason],
    warnings: [],
    startedAt: new Date().toISOString(),
    offeredRate: spec.rate,
    achievedRate: 0,
    measuredSeconds: 0,
    operations: {},
    requests: { generator: 0, balancer: null, apps: null },
    usage: { generator: null, balancer: null, app: null, store: null },
    pacing: { ...noPacing, generatorCpuShare: 0 },
    stealShare: null,
    foreignShare: null,
    storeCommands: null,
    timings: {},
  };
}

async function measureBlocks(
  experiment: Experiment,
  journal: RunJournal,
  driver: Driver,
  fleet: Fleet,
  orders: readonly (readonly Strategy[])[],
  rate: number,
): Promise<void> {
  const { plan, runtime, placement, results, progress, signal } = experiment;
  const secondsPerTrial = trialSeconds(plan);
  let trials = orders.reduce((sum, order) => sum + order.length, 0);
  let number = 0;

  const measure = async (strategy: Strategy, block: number): Promise<TrialRecord> => {
    number += 1;
    const spec = { plan, number, block, rate, placement, signal };
    const secondsLeft = (trials - number + 1) * secondsPerTrial;
    progress.trialStarted({ ...spec, trials, blocks: plan.blocks, strategy: strategy.name, secondsLeft });
    const folder = await results.trialFolder(number, strategy.name);
    const start = await fleet.sound(strategy);
    if (start.status === 'started')
      await timed(journal, 'size up', () => driver.unlessDriven(start.deployment));
    const record =
      start.status === 'started'
        ? await runTrial(runtime, start.deployment, {
            ...spec,
            folder,
            onSecond: (event) => progress.second(event),
          })
        : failedTrial(spec, strategy.name, startFailure(start));
    await results.writeTrial(folder, record);
    for (const [step, milliseconds] of Object.entries(record.timings)) journal.spent(step, milliseconds);
    journal.strategyMeasured(strategy.name);
    progress.trialEnded(record);
    return record;
  };

  for (const [index, order] of orders.entries()) {
    if (startsAnew(plan, index) && !signal.aborted)
      await renewFleet(experiment, journal, driver, fleet, order);
    const disturbed: Strategy[] = [];
    for (const strategy of order) {
      if (signal.aborted) return;
      if (wasDisturbed(await measure(strategy, index + 1))) disturbed.push(strategy);
    }
    trials += disturbed.length;
    for (const strategy of disturbed) {
      if (signal.aborted) return;
      await measure(strategy, index + 1);
    }
  }
}

/** Does a step and keeps how long it took. */
async function timed<Result>(
  journal: RunJournal,
  step: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    journal.spent(step, performance.now() - began);
  }
}

/**
 * Runs the plan. Ends with the run's record, also when it was interrupted or nothing could run.
 * @throws ResultsError when results cannot be written; whatever was started is stopped all the same.
 */
export async function runExperiment(experiment: Experiment): Promise<RunRecord> {
  const { plan, runtime, placement, results, runId, progress, signal } = experiment;
  const journal = await startJournal(plan, runtime, placement, runId, blockOrders(plan, plan.strategies));
  const { record } = journal;
  await results.writeRun(record);
  try {
    const able = await timed(journal, 'provision', () => provision(experiment, journal));
    if (able.length > 0) record.versions.push({ ...(await runtime.generatorVersion()) });
    if (runtime.engine) record.versions.push({ ...runtime.engine });
    const fleet = new Fleet(runtime, ({ name }) => ({
      apps: plan.apps,
      appMain,
      sessionTtlSeconds: SESSION_TTL_SECONDS,
      storeTimeoutMs: STORE_TIMEOUT_MS,
      placement,
      slowdown: null,
      ...plan.comparison?.deployAs.get(name),
    }));
    const started = await timed(journal, 'start', () => startFleet(experiment, journal, fleet, able));
    const running = worthMeasuring(plan, started);
    if (running.length === 0) record.plan.order = [];
    const driver = new Driver(experiment, journal, fleet);
    if (plan.capacity) {
      await searchCapacities(experiment, plan.capacity, {
        ...{ journal, fleet, driver, strategies: running },
        failedTrial: (numbers, start) => failedTrial(numbers, start.strategy.name, startFailure(start)),
      });
    } else if (running.length > 0 && !signal.aborted) {
      const rate = await timed(journal, 'size up', () => findRate(experiment, driver, running));
      record.rate = { ...rate };
      const measured = lengthened(plan, rate.value);
      const orders = blockOrders(measured, running);
      record.plan.measureSeconds = measured.measureSeconds;
      record.plan.order = orders.map((order) => order.map(({ name }) => name));
      await results.writeRun(record);
      progress.say(`Rate: ${rate.explanation}.`);
      if (measured.measureSeconds > plan.measureSeconds)
        progress.say(`Trials take ${measured.measureSeconds} s each, for enough requests at this rate.`);
      await measureBlocks({ ...experiment, plan: measured }, journal, driver, fleet, orders, rate.value);
    }
    record.status = signal.aborted ? 'interrupted' : 'finished';
  } catch (error) {
    record.status = signal.aborted ? 'interrupted' : 'failed';
    if (error instanceof ResultsError) throw error;
    if (!signal.aborted) {
      const message = error instanceof Error ? error.message : String(error);
      journal.fault({ code: 'run-failed', message, remedy: 'What was measured before is in this report.' });
      progress.say(`The run failed: ${message}`);
    }
  } finally {
    progress.doing('Stopping servers');
    const faults = await timed(journal, 'stop', () => runtime.close());
    for (const fault of faults) {
      journal.fault({
        code: 'stop-failed',
        message: fault.message,
        remedy: 'The next start ends what is left.',
      });
    }
  }
  record.endedAt = new Date().toISOString();
  await results.writeRun(record);
  return record;
}
