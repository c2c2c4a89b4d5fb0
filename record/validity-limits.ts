/** Limits past which a trial says more of the machine than of the strategy. The harness judges by them, reports show them. */
export const validityLimits = {
  /** Generator's CPU time over the time of its cores. Past it, pacing suffers (a single event loop has no reserve). */
  generatorCpuShare: 0.85,
  /** Share of arrivals that must become answered requests, and of the planned time in which they must be sent. */
  achievedShare: 0.99,
  /** Share of the host's CPU time that the hypervisor took. */
  stealShare: 0.05,
  /** Share of the host's CPU time that processes other than ours may use. */
  foreignShare: 0.1,
  /** The generator's own lateness at p99: half a millisecond is the resolution that latency is judged at. */
  lagP99Micros: 5_000,
} as const;
