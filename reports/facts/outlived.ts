/** What ends of processes, machines and zones cost a strategy on paper. */
import type { EndingName, Fate, OnPaper } from '../../record/on-paper.ts';
import type { Weakness } from '../../record/weakness.ts';
import { listed } from '../words/format.ts';

/** The most ordinary first: what survives the first ones is worth less to know. */
const ordinary: readonly EndingName[] = [
  'appEnd',
  'storeRestart',
  'storeCrash',
  'failover',
  'powerCut',
  'zoneLoss',
];

/** No fault of a run is one of these. */
const beyondFaults: readonly EndingName[] = ['powerCut', 'zoneLoss'];

type Place = 'apps' | 'one' | 'shards';

const placeOf = ({ traits }: OnPaper): Place =>
  traits === null ? 'one' : traits.servers === null ? 'apps' : traits.servers.spread.kind;

function wordsFor(ending: EndingName, place: Place): string {
  const all = place === 'shards' ? ' of all its servers' : '';
  switch (ending) {
    case 'appEnd':
      return 'the end of an app';
    case 'storeRestart':
      return `a restart${all}`;
    case 'storeCrash':
      return `a crash${all}`;
    case 'failover':
      return 'a failover';
    case 'powerCut':
      return place === 'apps' ? "a power cut of an app's machine" : 'a power cut';
    case 'zoneLoss':
      return 'the loss of its zone';
  }
}

/**
 * @param seen endings of which the run itself tells what they cost
 * @param command that would measure the others
 */
export function outlived(paper: OnPaper, seen: ReadonlySet<string>, command: string): Weakness[] {
  const place = placeOf(paper);
  // Without replicas of its own nothing takes over, unless somebody adds a copy.
  const asked = ordinary.filter((each) => !seen.has(each) && (each !== 'failover' || place === 'shards'));
  const ofApp: readonly EndingName[] = place === 'apps' ? ['appEnd', 'powerCut'] : ['appEnd'];
  const withFate = (fate: Fate): readonly EndingName[] =>
    asked.filter((each) => paper.outlasts[each] === fate);
  const weakness = (
    code: Weakness['code'],
    endings: readonly EndingName[],
    loses: string,
    lost: string,
  ): Weakness[] => {
    const [first, ...others] = endings.map((each) => wordsFor(each, place));
    if (first === undefined) return [];
    const measurable = endings.some((each) => !beyondFaults.includes(each));
    return [
      {
        code,
        short: `${first} loses ${loses}`,
        text: `${lost} lost by ${listed([first, ...others])}`,
        basis: { kind: 'on-paper', command: measurable ? command : null },
      },
    ];
  };
  const lost = withFate('lost');
  return [
    ...weakness(
      'loses-of-an-app',
      lost.filter((each) => ofApp.includes(each)),
      'its sessions',
      'the sessions of an app are',
    ),
    ...weakness(
      'loses-all',
      lost.filter((each) => !ofApp.includes(each)),
      'all',
      'all sessions are',
    ),
    ...weakness('loses-newest', withFate('newest-lost'), 'the newest', 'what was written last is'),
  ];
}
