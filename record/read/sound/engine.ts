/** A trial's record holds what the engine wrote: where the two differ, one of them was edited or is of another trial. */
import { beforeMeasuring, type EngineResult } from '../../engine.ts';
import type { TrialRecord } from '../../trial.ts';

/** The part of an engine's result that a record holds too, under the record's names; its CPU time and memory are metered, not counted. */
const toldBy = (engine: EngineResult) => ({
  offeredRate: engine.offeredRate,
  measuredSeconds: engine.phases.measure.seconds,
  operations: engine.phases.measure.operations,
  before: beforeMeasuring(engine),
  requests: { generator: engine.phases.measure.requests },
  pacing: engine.pacing,
  pages: engine.pages ?? {},
  sweep: engine.phases.sweep?.operations ?? null,
  losses: engine.losses,
});

const heldBy = (record: TrialRecord) => {
  const { offeredRate, measuredSeconds, operations, before, requests, pacing, pages, fault } = record;
  const { generatorCpuShare: _share, ...ofEngine } = pacing;
  return {
    offeredRate,
    measuredSeconds,
    operations,
    before,
    requests: { generator: requests.generator },
    pacing: ofEngine,
    pages: pages ?? {},
    sweep: fault?.sweep?.operations ?? null,
    losses: fault?.losses ?? null,
  };
};

/** Every field that the two tell differently, as a sentence without full stop. What either does not know is no difference. */
export function differencesFrom(engine: EngineResult, record: TrialRecord): string[] {
  const held = numbersOf(heldBy(record));
  const told = numbersOf(toldBy(engine));
  const blanks = [...blanksOf(held), ...blanksOf(told)];
  return [...new Set([...held.keys(), ...told.keys()])].flatMap((field) => {
    const [here, there] = [held.get(field) ?? 0, told.get(field) ?? 0];
    const isUnknown = blanks.some((blank) => `${field}.`.startsWith(`${blank}.`));
    return isUnknown || here === there ? [] : [`${field} is ${here}, and engine.json says ${there}`];
  });
}

type Numbers = ReadonlyMap<string, number | null>;

const blanksOf = (numbers: Numbers): string[] =>
  [...numbers].flatMap(([field, value]) => (value === null ? [field] : []));

/** Every number, and every null, by its path; what is absent is a count of 0. */
function numbersOf(value: unknown, at = ''): Numbers {
  if (typeof value === 'number' || value === null) return new Map([[at, value]]);
  if (typeof value !== 'object') return new Map();
  return new Map(
    Object.entries(value).flatMap(([key, each]) => [...numbersOf(each, at === '' ? key : `${at}.${key}`)]),
  );
}
