/** The trials of a run, whatever its design: their servers, their bursts, their numbers, their folders, their records. */
import { messageOf } from '../infra/machine/errors.ts';
import type { Deployment, DeployOptions, NetworkMode, Strategy } from '../infra/runtimes/runtime.ts';
import { headlineOf } from '../record/log-lines.ts';
import { type Reason, reasonOf } from '../record/reasons.ts';
import type { PromiseOutcome } from '../record/search.ts';
import type { TrialRecord } from '../record/trial.ts';
import { type Burst, BurstUnanswered, runBurst } from './burst.ts';
import type { RunContext } from './context.ts';
import { Pace } from './estimate.ts';
import { Fleet, type Start } from './fleet.ts';
import type { RunJournal } from './journal.ts';
import type { Part, TrialSpec } from './load.ts';
import { Patience } from './patience.ts';
import type { Setting } from './plan.ts';
import { joined, noWait, QuietWatch, type Wait } from './quiet.ts';
import { idleSeconds } from './seeding.ts';
import { STORE_TIMEOUT_MS } from './store-timeout.ts';
import { judgedTogether } from './together.ts';
import { failedTrial, runTogether } from './trial.ts';

/** What a strategy's app runs, and how it reaches the servers. */
/** `apps` where there are others than the setting says. */
export type AppOptions = Pick<DeployOptions, 'appMain' | 'slowdown' | 'network'> &
  Partial<Pick<DeployOptions, 'apps'>>;

/** What a design asks of one trial. */
export interface TrialRequest<Outcome extends PromiseOutcome | null>
  extends Omit<TrialSpec, 'number' | 'wait'> {
  readonly strategy: Strategy;
  /** How the trial is announced, given its number. */
  announce(number: number): { readonly title: string; readonly trials: number; readonly secondsLeft: number };
  /** What the finished trial says of a promise; null in a design without one. */
  judge(record: TrialRecord, folder: string): Promise<Outcome>;
}

type Judged<Outcome extends PromiseOutcome | null> = TrialRecord & { readonly promise: Outcome };

/** A trial that is about to be measured. */
interface Begun<Outcome extends PromiseOutcome | null> {
  readonly request: TrialRequest<Outcome>;
  readonly spec: TrialSpec;
  readonly folder: string;
  readonly start: Start;
}

export class Trials {
  readonly #setting: Setting;
  readonly #context: RunContext;
  readonly #journal: RunJournal;
  readonly #fleet: Fleet;
  readonly #pace: Pace;
  readonly #quiet: QuietWatch;
  /** For a quiet machine and for repeats; null where noise is tolerated. */
  readonly patience: Patience | null;
  readonly #hadBurst = new WeakSet<Deployment>();
  #number = 0;
  /** Waits since the last trial began. */
  #putOff = noWait;
  #isLatest = false;

  constructor(
    setting: Setting,
    context: RunContext,
    journal: RunJournal,
    appOf: (strategy: Strategy) => AppOptions,
  ) {
    this.#setting = setting;
    this.#context = context;
    this.#journal = journal;
    this.#pace = new Pace(setting);
    const { patience } = journal.record;
    this.patience = patience && new Patience(patience);
    this.#quiet = new QuietWatch(context, this.patience);
    this.#fleet = new Fleet({
      runtime: context.runtime,
      optionsOf: (strategy) => ({
        apps: setting.apps,
        sessionTtlSeconds: idleSeconds(setting),
        storeTimeoutMs: STORE_TIMEOUT_MS,
        placement: context.placement,
        ...appOf(strategy),
      }),
      onStopError: ({ message }) => journal.fault(reasonOf('stop-failed', message)),
    });
  }

  /** @returns the strategies that run; why others do not is in the journal */
  async startServers(strategies: readonly Strategy[]): Promise<readonly Strategy[]> {
    if (strategies.length > 0)
      this.#context.progress.doing(`Starting ${strategies.map(({ name }) => name).join(', ')}`);
    const starts = await this.#journal.timed('start', () =>
      this.#fleet.startAll(strategies, this.#context.signal),
    );
    const running = new Set<string>();
    for (const start of starts) {
      if (start.status === 'started') {
        running.add(start.deployment.strategy.name);
        this.#journal.started(start.deployment);
      } else {
        const reason = notStarted(start);
        this.#journal.notStarted(start.strategy.name, reason);
        this.#context.progress.say(headlineOf(reason.message));
      }
    }
    return strategies.filter(({ name }) => running.has(name));
  }

  /** A process keeps its memory layout and its compiled code for life: new ones average over both. */
  async startServersAnew(strategies: readonly Strategy[]): Promise<void> {
    const { progress, signal } = this.#context;
    progress.doing('Starting all servers anew');
    await this.#journal.timed('start', () => this.#fleet.startAnew(strategies, signal));
  }

  /** Stops what runs, and starts this strategy alone. @returns its deployment, or why there is none */
  async startInstead(strategy: Strategy): Promise<Start> {
    const { progress, signal } = this.#context;
    progress.doing(`Starting ${strategy.name}`);
    const [start] = await this.#journal.timed('start', () => this.#fleet.startAnew([strategy], signal));
    if (!start) throw new Error('the run was interrupted');
    if (start.status === 'started') this.#journal.started(start.deployment);
    return start;
  }

  /**
   * How long a trial of each takes, measured at the same time, in seconds, as far as is known now; with the usual wait for a
   * quiet machine.
   * @param measureSeconds where trials are not as long as planned
   */
  secondsOf(together: readonly Strategy[], measureSeconds?: number): number {
    const seconds = together.map(({ name }) => this.#pace.trialSeconds(name, measureSeconds));
    return Math.max(0, ...seconds) + this.#quiet.usualWait;
  }

  /** Whether the machine was quiet at any look so far. */
  get machineWasQuiet(): boolean {
    return this.#quiet.wasQuiet;
  }

  /** What each strategy gave in its burst; empty where no burst is planned. */
  async bursts(strategies: readonly Strategy[]): Promise<readonly Burst[]> {
    const bursts: Burst[] = [];
    if (this.#setting.burstSeconds === 0) return bursts;
    for (const strategy of strategies) {
      if (this.#context.signal.aborted) break;
      bursts.push(await this.burst(strategy));
    }
    return bursts;
  }

  /** Drives deployments in a closed loop at the same time, so that their code gets as warm as each other's. */
  async burstTogether(strategies: readonly Strategy[]): Promise<void> {
    if (this.#setting.burstSeconds === 0 || this.#context.signal.aborted) return;
    await this.#warmUpAll(strategies);
  }

  /**
   * @param remedy what to know where the burst fails
   * @returns where it failed, the journal says why
   */
  async burst(strategy: Strategy, remedy?: string): Promise<Burst> {
    const [burst] = await this.#warmUpAll([strategy], remedy);
    if (!burst) throw new Error('a burst came to nothing');
    return burst;
  }

  /** At the same time. @returns one for each, in their order */
  async #warmUpAll(strategies: readonly Strategy[], remedy?: string): Promise<readonly Burst[]> {
    await this.#look();
    this.#context.progress.doing(`Warming up ${strategies.map(({ name }) => name).join(' and ')}`);
    const starts: Start[] = [];
    for (const strategy of strategies) starts.push(await this.#fleet.running(strategy));
    return await this.#journal.timed('burst', () =>
      Promise.all(
        starts.map(async (start) =>
          start.status === 'started'
            ? await this.#warmUp(start.deployment, remedy)
            : this.#burstFailed(start.strategy, start.error, remedy),
        ),
      ),
    );
  }

  /**
   * Waits a bounded time for a quiet machine before the next trial, whose record has it.
   * @param secondsLeft of the run
   * @param longest seconds; by default as long as the waits before have earned
   * @throws the reason of the interruption, as soon as there is one
   */
  async untilQuiet(secondsLeft: () => number, longest?: number): Promise<Wait> {
    const wait = await this.#look(secondsLeft, longest);
    this.#putOff = joined(this.#putOff, wait);
    return wait;
  }

  async #look(secondsLeft: (() => number) | null = null, longest?: number): Promise<Wait> {
    const wait = await this.#journal.timed('wait', () => this.#quiet.untilQuiet(secondsLeft, longest));
    this.#context.signal.throwIfAborted();
    return wait;
  }

  /**
   * Measures one trial. What was measured is on the disk when this ends.
   * @param longestWait as of `untilQuiet`
   * @throws UserError
   */
  async measure<Outcome extends PromiseOutcome | null>(
    request: TrialRequest<Outcome>,
    longestWait?: number,
  ): Promise<Judged<Outcome>> {
    const [record] = await this.measureTogether([request], longestWait);
    if (!record) throw new Error('a trial has no record');
    return record;
  }

  /**
   * Measures deployments at the same time, one trial of each. What was measured is on the disk when this ends.
   * @param longestWait as of `untilQuiet`
   * @returns a record for each, in their order
   * @throws UserError
   */
  async measureTogether<Outcome extends PromiseOutcome | null>(
    requests: readonly TrialRequest<Outcome>[],
    longestWait?: number,
  ): Promise<readonly Judged<Outcome>[]> {
    const { progress } = this.#context;
    const starts: Start[] = [];
    for (const { strategy } of requests) starts.push(await this.#ready(strategy));
    await this.untilQuiet(() => requests[0]?.announce(this.#number + 1).secondsLeft ?? 0, longestWait);
    const wait = this.#putOff;
    this.#putOff = noWait;
    const begun: Begun<Outcome>[] = [];
    for (const [index, request] of requests.entries()) {
      const start = starts[index];
      if (start) begun.push(await this.#begin(request, start, wait));
    }
    for (const { request, spec } of begun)
      progress.trialStarted({ number: spec.number, rate: spec.rate, ...request.announce(spec.number) });
    const measured = await this.#run(begun);
    const records: Judged<Outcome>[] = [];
    for (const each of begun) {
      const record = measured.find(({ number }) => number === each.spec.number);
      if (record) records.push(await this.#keep(each, record));
    }
    this.#journal.measured(records);
    return records;
  }

  /**
   * Measures one trial in a way of its own, on a deployment that is stopped behind it, whatever it is like then. What was
   * measured is on the disk when this ends.
   * @param network the way to the strategy's servers
   * @throws UserError
   */
  async measureLast(
    request: TrialRequest<null>,
    network: NetworkMode,
    run: (part: Part) => Promise<TrialRecord>,
  ): Promise<TrialRecord> {
    const { strategy } = request;
    const start = await this.#journal.timed('start', () => this.#fleet.running(strategy, network));
    await this.untilQuiet(() => request.announce(this.#number + 1).secondsLeft);
    const wait = this.#putOff;
    this.#putOff = noWait;
    const begun = await this.#begin(request, start, wait);
    const { spec, folder } = begun;
    this.#context.progress.trialStarted({
      number: spec.number,
      rate: spec.rate,
      ...request.announce(spec.number),
    });
    const measured =
      start.status === 'started'
        ? await run({ deployment: start.deployment, spec, folder })
        : failedTrial(spec, strategy.name, notStarted(start));
    await this.#journal.timed('stop', () => this.#fleet.discard(strategy));
    const record = await this.#keep(begun, measured);
    this.#journal.measured([record]);
    return record;
  }

  async #begin<Outcome extends PromiseOutcome | null>(
    request: TrialRequest<Outcome>,
    start: Start,
    wait: Wait,
  ): Promise<Begun<Outcome>> {
    this.#number += 1;
    const { strategy, announce: _announce, judge: _judge, ...asked } = request;
    const spec = { ...asked, number: this.#number, wait };
    const folder = await this.#context.results.trialFolder(spec.number, strategy.name);
    return { request, spec, folder, start };
  }

  async #keep<Outcome extends PromiseOutcome | null>(
    { request, folder }: Begun<Outcome>,
    measured: TrialRecord,
  ): Promise<Judged<Outcome>> {
    const { progress, results } = this.#context;
    const record = { ...measured, promise: await request.judge(measured, folder) };
    await results.writeTrial(folder, record);
    if (record.measuredSeconds > 0) await this.#somethingToShow();
    this.#pace.afterTrial(record);
    progress.trialEnded(record);
    return record;
  }

  /** A run that measures nothing leaves `latest` with the one before. */
  async #somethingToShow(): Promise<void> {
    if (this.#isLatest) return;
    this.#isLatest = true;
    const trouble = await this.#context.results.pointLatest();
    if (trouble !== null) this.#context.progress.say(trouble);
  }

  /** A deployment that was started in the middle of a run is cold: it has its burst first, as all had. */
  async #ready(strategy: Strategy): Promise<Start> {
    const start = await this.#fleet.running(strategy);
    if (start.status === 'failed' || this.#setting.burstSeconds === 0 || this.#hadBurst.has(start.deployment))
      return start;
    this.#context.progress.doing(`Warming up ${strategy.name}, which was started anew`);
    await this.#journal.timed('burst', () => this.#warmUp(start.deployment));
    return await this.#fleet.running(strategy);
  }

  async #run(begun: readonly Begun<PromiseOutcome | null>[]): Promise<readonly TrialRecord[]> {
    const parts = begun.flatMap(({ start, spec, folder }) =>
      start.status === 'started' ? [{ deployment: start.deployment, spec, folder }] : [],
    );
    const failed = begun.flatMap(({ start, spec }) =>
      start.status === 'failed' ? [failedTrial(spec, start.strategy.name, notStarted(start))] : [],
    );
    const records = await runTogether(parts, this.#setting, this.#context);
    const began = performance.now();
    for (const { deployment } of parts) await this.#rest(deployment);
    const freeze = Math.round(performance.now() - began);
    const rested = records.map((record) => ({ ...record, timings: { ...record.timings, freeze } }));
    return judgedTogether([...rested, ...failed], this.#context.limits);
  }

  async #warmUp(deployment: Deployment, remedy?: string): Promise<Burst> {
    const { strategy } = deployment;
    this.#hadBurst.add(deployment);
    try {
      await deployment.thaw();
      const rate = await runBurst(deployment, this.#setting, this.#context);
      this.#pace.afterBurst(strategy.name, rate);
      return { status: 'answered', strategy: strategy.name, rate };
    } catch (error) {
      return this.#burstFailed(strategy, error, remedy);
    } finally {
      await this.#rest(deployment);
    }
  }

  async #rest(deployment: Deployment): Promise<void> {
    await this.#fleet.rest(deployment).catch((error: unknown) => {
      if (this.#context.signal.aborted) return;
      const message = `${deployment.strategy.name} could not be frozen, so it was stopped: ${messageOf(error)}`;
      this.#journal.fault(reasonOf('not-frozen', message));
      this.#context.progress.say(headlineOf(message));
    });
  }

  /** What an interruption made fail is no fault. */
  #burstFailed({ name }: Strategy, error: unknown, remedy?: string): Burst {
    const burst = {
      status: error instanceof BurstUnanswered ? 'unanswered' : 'failed',
      strategy: name,
    } as const;
    if (this.#context.signal.aborted) return burst;
    const message = `The burst on ${name} failed: ${messageOf(error)}`;
    this.#journal.fault(reasonOf('not-sized', message, remedy));
    this.#context.progress.say(headlineOf(message));
    return burst;
  }
}

const notStarted = ({ strategy, error }: Extract<Start, { status: 'failed' }>): Reason =>
  reasonOf('not-started', `${strategy.name} did not start: ${error.message}`);
