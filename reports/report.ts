/**
 * A run told: its facts, what a reader should know of them, the summary for scripts and the document for people. The
 * one place that asks what a run set out to find.
 */
import type { ReadRun } from '../record/read/run.ts';
import type { Finding } from '../record/reasons.ts';
import type { Summary } from '../record/summary.ts';
import type { Said } from './answers/answer.ts';
import { blocksAnswer } from './answers/blocks.ts';
import { distanceAnswer } from './answers/distance.ts';
import { faultsAnswer } from './answers/faults.ts';
import { footprintAnswer } from './answers/footprint.ts';
import { searchAnswer } from './answers/search.ts';
import { type Check, checked } from './checks/check.ts';
import { fewSamples, openComparisons, tooFewBlocks } from './checks/comparisons.ts';
import { diagnostics } from './checks/diagnostics.ts';
import { roundTripsDiffer, roundTripsOpen } from './checks/distance.ts';
import { errors } from './checks/errors.ts';
import { failedStrategies } from './checks/failed.ts';
import { crossedSessions, impossibleFaults, unexpectedResults } from './checks/faults.ts';
import { appsUnresolved, bulkDiffers, footprintEnding, footprints } from './checks/footprint.ts';
import { goingUnknown } from './checks/going.ts';
import { memoryUnknown } from './checks/memory.ts';
import { blocksLost, machineLoud } from './checks/noise.ts';
import {
  appsBeyondCores,
  damagedFiles,
  ending,
  hostUnknown,
  metByRun,
  notMeasured,
  sharedCores,
} from './checks/record.ts';
import { requestCounts } from './checks/requests.ts';
import { searchEnding, searches } from './checks/searches.ts';
import { leftOut, warnings } from './checks/trials.ts';
import { wrongAnswers } from './checks/violations.ts';
import type { Document } from './document/document.ts';
import {
  type BlockFacts,
  blockFacts,
  type DistanceFacts,
  distanceFacts,
  type Facts,
  type FaultFacts,
  type FootprintFacts,
  faultFacts,
  footprintFacts,
  type SearchFacts,
  searchFacts,
  summaryOf,
} from './facts/facts.ts';
import { blocksPage, sidesPage } from './pages/blocks.ts';
import { distancePage } from './pages/distance.ts';
import { faultsPage } from './pages/faults.ts';
import { footprintPage } from './pages/footprint.ts';
import { searchPage } from './pages/search.ts';

export interface Report {
  readonly summary: Summary;
  readonly document: Document;
}

export function reportOf(run: ReadRun): Report {
  const { design } = run.record;
  switch (design.kind) {
    case 'blocks':
      return told(blockFacts(run, design), blocksAnswer, blockChecks, (facts, said, found) =>
        blocksPage(facts, design, said, found),
      );
    case 'sides':
      return told(blockFacts(run, design), blocksAnswer, blockChecks, (facts, said, found) =>
        sidesPage(facts, design, said, found),
      );
    case 'faults':
      return told(faultFacts(run, design), faultsAnswer, faultChecks, faultsPage);
    case 'search':
      return told(searchFacts(run, design), searchAnswer, searchChecks, searchPage);
    case 'footprint':
      return told(footprintFacts(run, design), footprintAnswer, footprintChecks, footprintPage);
    case 'distance':
      return told(distanceFacts(run, design), distanceAnswer, distanceChecks, distancePage);
  }
}

/** What runs of every design go through: facts, what is said and found of them, the page. */
function told<Of extends Facts>(
  facts: Of,
  answerTo: (facts: Of) => Said,
  checks: readonly Check<Of>[],
  pageOf: (facts: Of, said: Said, findings: Finding[]) => Document,
): Report {
  const said = answerTo(facts);
  const findings = checked(facts, checks);
  const { answer, details } = said;
  return {
    summary: summaryOf(facts, { answer, details, findings }),
    document: pageOf(facts, said, findings),
  };
}

const loudMachine: Check = ({ run }) => machineLoud(run);

/** Checks of one severity are told in this order. */
const blockChecks: readonly Check<BlockFacts>[] = [
  wrongAnswers,
  failedStrategies,
  ending,
  notMeasured,
  blocksLost,
  leftOut,
  damagedFiles,
  metByRun,
  errors,
  requestCounts,
  memoryUnknown,
  hostUnknown,
  loudMachine,
  warnings,
  appsBeyondCores,
  sharedCores,
  fewSamples,
  tooFewBlocks,
  openComparisons,
  diagnostics,
];

/** What faults cost is told in the table of faults: a check tells what is not as it should be. */
const faultChecks: readonly Check<FaultFacts>[] = [
  unexpectedResults,
  crossedSessions,
  ending,
  notMeasured,
  leftOut,
  damagedFiles,
  metByRun,
  impossibleFaults,
  loudMachine,
  warnings,
  sharedCores,
];

/** A search goes past the edge on purpose: errors and queues of its trials are told with their outcomes. */
const searchChecks: readonly Check<SearchFacts>[] = [
  wrongAnswers,
  failedStrategies,
  searchEnding,
  searches,
  notMeasured,
  damagedFiles,
  metByRun,
  requestCounts,
  memoryUnknown,
  hostUnknown,
  loudMachine,
  appsBeyondCores,
  sharedCores,
];

/** Trials are there to show what one read costs; the weighings stand without them. */
const footprintChecks: readonly Check<FootprintFacts>[] = [
  wrongAnswers,
  bulkDiffers,
  failedStrategies,
  footprintEnding,
  footprints,
  appsUnresolved,
  goingUnknown,
  notMeasured,
  leftOut,
  damagedFiles,
  metByRun,
  errors,
  requestCounts,
  memoryUnknown,
  hostUnknown,
  loudMachine,
  sharedCores,
];

const distanceChecks: readonly Check<DistanceFacts>[] = [
  wrongAnswers,
  failedStrategies,
  ending,
  roundTripsDiffer,
  notMeasured,
  leftOut,
  damagedFiles,
  metByRun,
  errors,
  requestCounts,
  memoryUnknown,
  hostUnknown,
  loudMachine,
  warnings,
  roundTripsOpen,
  sharedCores,
];
