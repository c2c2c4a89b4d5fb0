/**
 * What is known of a strategy without measuring it, in the words of the wishes. The facts are its topology's, and come with
 * the runs that it took part in. Where a run has measured something, the measurement counts.
 */
import type { Fate, OnPaper } from '../../record/on-paper.ts';
import { type FailureEvent, isWithin, type Loss } from '../wishes/losses.ts';

/** What an evidence has of it; null of a strategy of which nothing is known. */
interface Known {
  readonly onPaper: OnPaper | null;
}

/** At most, by the failure; null where nobody knows. */
export type LossesOnPaper = Readonly<Record<FailureEvent, Loss | null>>;

/** `apps`: no servers of its own; `one`: one server holds all; `shards`: each server holds a part. */
export type Spread =
  | { readonly kind: 'apps' }
  | { readonly kind: 'one' }
  | { readonly kind: 'shards'; readonly fewest: number; readonly copies: number };

export interface Structure {
  readonly spread: Spread;
  /** Cores that one server process can use; null: as many as there are. */
  readonly cores: number | null;
  /** Connections that each app process opens to each server, and how many a server takes as it is set here. */
  readonly connections: { readonly perApp: number; readonly most: number };
}

const noServers: Structure = {
  spread: { kind: 'apps' },
  cores: null,
  connections: { perApp: 0, most: Number.POSITIVE_INFINITY },
};

/** Of a strategy that says nothing of its servers: the least that a server can be. */
const leastServer: Structure = {
  spread: { kind: 'one' },
  cores: 1,
  connections: { perApp: 8, most: 100 },
};

export function structureOf({ onPaper }: Known): Structure {
  const traits = onPaper?.traits ?? null;
  return traits === null ? leastServer : (traits.servers ?? noServers);
}

const lossOf: Readonly<Record<Fate, Loss>> = { kept: 'none', 'newest-lost': 'second', lost: 'all' };

/** Where one of several apps or machines ends, what is lost is lost of it alone. */
const partOf: Readonly<Record<Fate, Loss>> = { ...lossOf, lost: 'node' };

const inWords = (fate: Fate | null, words = lossOf): Loss | null => (fate === null ? null : words[fate]);

/** Without a copy elsewhere, other than those that the strategy has by itself. */
export function aloneOnPaper(known: Known): LossesOnPaper {
  const outlasts = known.onPaper?.outlasts;
  if (outlasts === undefined)
    return { 'app-restart': null, 'store-restart': null, 'power-cut': null, zone: null };
  const { spread } = structureOf(known);
  return {
    'app-restart': inWords(outlasts.appEnd, partOf),
    'store-restart': ofStore(outlasts, spread),
    'power-cut': inWords(outlasts.powerCut, spread.kind === 'apps' ? partOf : lossOf),
    zone: inWords(outlasts.zoneLoss),
  };
}

function ofStore(outlasts: OnPaper['outlasts'], { kind }: Spread): Loss | null {
  if (kind === 'apps') return 'none';
  // One of its servers ends, and another takes over.
  if (kind === 'shards') return inWords(outlasts.failover);
  const [crash, restart] = [inWords(outlasts.storeCrash), inWords(outlasts.storeRestart)];
  if (crash === null || restart === null) return null;
  return isWithin(crash, restart) ? restart : crash;
}

/** The same where a second copy on another machine takes over; null: it cannot have one. */
export function withCopyOnPaper(known: Known): LossesOnPaper | null {
  const loss = inWords(known.onPaper?.outlasts.failover ?? null);
  if (loss === null) return null;
  return { ...aloneOnPaper(known), 'store-restart': loss, 'power-cut': loss, zone: loss };
}
