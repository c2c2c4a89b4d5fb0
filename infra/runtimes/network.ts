/** The way between the apps of a deployment and its strategy's servers. */

/**
 * - `direct`: apps connect to the servers.
 * - `proxied`: apps connect to proxies before the servers, which can make the way worse.
 */
export type NetworkMode = 'direct' | 'proxied';

/** What can be done to the way, for every server alike. Each holds until the next, and `heal` ends all. */
export interface Network {
  /**
   * Each round trip between an app and a server takes so much longer, and no more than one round trip is slower for what is
   * sent at once. Connections stay.
   * @param milliseconds 0 to 60,000; 0 heals
   */
  slow(milliseconds: number): Promise<void>;
  /** Nothing gets through any more, and neither end is told: connections stay open, new ones open, and no answer comes. */
  cut(): Promise<void>;
  /** Ends all connections that there are. New ones work as they did before. */
  reset(): Promise<void>;
  /** As it was at the start. Connections that were cut are closed. */
  heal(): Promise<void>;
}
