/** The whole of `npm run verify`: each strategy's deployment is started, asked and stopped. No load. */
import path from 'node:path';
import { Mutex } from 'async-mutex';
import { messageOf } from '../../infra/machine/errors.ts';
import { placeAnywhere } from '../../infra/machine/placement.ts';
import type { Placement, Runtime, Strategy } from '../../infra/runtimes/runtime.ts';
import { headlineOf } from '../../record/log-lines.ts';
import { reasonOf } from '../../record/reasons.ts';
import { securityCheckIds } from '../../record/security-checks.ts';
import type { UserError } from '../../record/user-error.ts';
import {
  type BadRequests,
  type CheckResult,
  VERIFICATION_VERSION,
  type VerificationRecord,
  type VerifiedStrategy,
  verificationRecord,
} from '../../record/verification.ts';
import { makeResultsFolder, replaceResult } from '../../record/write.ts';
import type { Machine } from '../context.ts';
import { missingReasons } from '../journal.ts';
import { headOf, whileKept } from '../kept-record.ts';
import { inLanes } from '../lanes.ts';
import { askInTurn, askTogether } from './ask.ts';
import { endingChecks, ordinaryChecks } from './checks/index.ts';
import { type House, inHouse, type Lives } from './house.ts';
import { LANES, Turns } from './turns.ts';

/** Long enough for every question. */
const ordinaryLives: Lives = { idleSeconds: 600, absoluteSeconds: 7200 };
/** Short enough to be waited for, and long enough for a busy machine and stores with clocks of whole seconds. */
export const shortLives: Lives = { idleSeconds: 3, absoluteSeconds: 10 };

export interface Verification {
  readonly strategies: readonly Strategy[];
  readonly id: string;
  readonly badRequests: BadRequests;
  readonly machine: Machine;
  /** Told of each strategy when it was verified. */
  onStrategy(strategy: VerifiedStrategy): void;
}

export interface EndedVerification {
  readonly record: VerificationRecord;
  /** Why the folder does not hold all of it; null where it does. */
  readonly unwritten: UserError | null;
}

/**
 * @param folder absolute path; it gets `verification.json` after each strategy, and the logs of the servers
 * @throws UserError; not where the disk is full
 */
export async function runVerification(
  verification: Verification,
  folder: string,
): Promise<EndedVerification> {
  const { machine } = verification;
  await makeResultsFolder(folder);
  const runtime = await machine.createRuntime();
  const record = await newRecord(verification);
  const writing = new Mutex();
  const keep = () =>
    writing.runExclusive(() =>
      replaceResult(path.join(folder, 'verification.json'), verificationRecord.parse(record)),
    );
  const unwritten = await whileKept(record, machine.signal, {
    keep,
    work: async () =>
      await verifyAll(verification, { runtime, placement: await placeAnywhere(), folder, record, keep }),
    failed: (error) => record.faults.push(reasonOf('run-failed', messageOf(error))),
    atEnd: async () => {
      machine.progress.doing('Stopping servers');
      for (const { message } of await runtime.close()) record.faults.push(reasonOf('stop-failed', message));
    },
  });
  return { record, unwritten };
}

async function newRecord({
  strategies,
  id,
  badRequests,
  machine,
}: Verification): Promise<VerificationRecord> {
  return {
    schemaVersion: VERIFICATION_VERSION,
    ...(await headOf(id, machine)),
    shortLives,
    badRequests,
    strategies: strategies.map(({ name, topology: { title } }) => ({
      name,
      title,
      status: 'planned',
      reasons: [],
      versions: [],
      checks: [],
    })),
    faults: [],
  };
}

interface Tools {
  readonly runtime: Runtime;
  readonly placement: Placement;
  readonly folder: string;
  readonly record: VerificationRecord;
  keep(): Promise<void>;
}

async function verifyAll(verification: Verification, tools: Tools): Promise<void> {
  const { strategies, machine, badRequests, onStrategy } = verification;
  const { progress, signal } = machine;
  const { runtime, record, keep } = tools;
  progress.doing('Looking for servers');
  const found = await runtime.provision(strategies, (line) => progress.say(`  ${line}`));
  const turns = new Turns();
  const underWay = new Set<string>();
  const tell = () => progress.doing(`Verifying ${[...underWay].join(' and ')}, of ${strategies.length}`);
  await inLanes(LANES, strategies, signal, async (strategy) => {
    const entry = record.strategies.find(({ name }) => name === strategy.name);
    if (entry === undefined) return;
    const here = found.find((each) => each.strategy === strategy.name);
    if (here?.status === 'unavailable') {
      entry.status = 'not-verified';
      entry.reasons = missingReasons(here.lacks);
    } else {
      underWay.add(entry.name);
      tell();
      await verifyOne(strategy, entry, { ...tools, badRequests, turns, signal });
      underWay.delete(entry.name);
      if (signal.aborted) return;
    }
    onStrategy(entry);
    await keep();
  });
}

interface Surroundings extends Omit<Tools, 'keep'>, Pick<House, 'badRequests' | 'turns'> {
  readonly signal: AbortSignal;
}

/** Both deployments at the same time: one is asked while the other is waited for. */
async function verifyOne(
  strategy: Strategy,
  entry: VerifiedStrategy,
  { signal, folder, record, ...surroundings }: Surroundings,
): Promise<void> {
  const house = (lives: Lives, name: string): House => ({
    ...{ ...surroundings, strategy, lives },
    logs: path.join(folder, 'logs', strategy.name, name),
    onStopError: ({ message }) => record.faults.push(reasonOf('stop-failed', headlineOf(message))),
  });
  const visits = await Promise.all([
    inHouse(house(ordinaryLives, 'ordinary'), ordinaryChecks, (surface, checks) =>
      askInTurn(surface, checks, signal),
    ),
    inHouse(house(shortLives, 'short-lives'), endingChecks, (surface, checks) =>
      askTogether(surface, checks, signal),
    ),
  ]);
  if (signal.aborted) return;
  entry.status = 'verified';
  entry.versions = (visits.find(({ versions }) => versions.length > 0)?.versions ?? []).map((each) => ({
    ...each,
  }));
  entry.checks = inOrder(visits.flatMap(({ results }) => results));
}

const inOrder = (results: readonly CheckResult[]): CheckResult[] =>
  results.toSorted((a, b) => securityCheckIds.indexOf(a.id) - securityCheckIds.indexOf(b.id));
