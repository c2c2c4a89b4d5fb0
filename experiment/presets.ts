/** How long and how often to measure. */
export interface Preset {
  readonly name: string;
  readonly description: string;
  readonly blocks: number;
  /** Blocks at each distance in a run of distances, each with a short trial of every strategy. */
  readonly passes: number;
  readonly warmupSeconds: number;
  readonly measureSeconds: number;
  /** Trials are lengthened to hold so many reads at the common rate, to twice `measureSeconds` at most. */
  readonly fewestReads: number;
  /** Length of the burst that each deployment has before it counts. */
  readonly burstSeconds: number;
  /** Whether there is a burst where the rate is given, too, and need not be found. */
  readonly burstAtGivenRate: boolean;
  /** Sessions alive; null takes the scenario's own number. */
  readonly sessions: number | null;
}

export const presets: readonly Preset[] = [
  {
    name: 'smoke',
    description: '1 block of short trials: does everything work? Says nothing about differences.',
    blocks: 1,
    passes: 1,
    warmupSeconds: 1,
    measureSeconds: 3,
    fewestReads: 1100,
    burstSeconds: 1.4,
    burstAtGivenRate: false,
    sessions: 1000,
  },
  {
    name: 'quick',
    // What disturbs a trial lasts for longer than the trial: many short ones see more than few long ones.
    description: '7 blocks, under 4 minutes for all seven strategies: shows differences of about 30 %.',
    blocks: 7,
    passes: 2,
    warmupSeconds: 0.5,
    measureSeconds: 1.5,
    fewestReads: 600,
    burstSeconds: 6,
    burstAtGivenRate: true,
    sessions: 1000,
  },
  {
    name: 'standard',
    description: '12 blocks, about 16 minutes for all seven strategies: shows differences of about 15 %.',
    blocks: 12,
    passes: 5,
    warmupSeconds: 1,
    measureSeconds: 8,
    fewestReads: 1100,
    burstSeconds: 8,
    burstAtGivenRate: true,
    sessions: 5000,
  },
];

export const defaultPreset = 'quick';
