/** What each app has counted at the moments of a trial with a fault, so that it is seen whether the fault unbalanced them. */
import type { Deployment } from '../../infra/runtimes/runtime.ts';
import type { AppRequestsAround } from '../../record/scaling.ts';
import { requestsOf } from '../meters.ts';

/** `measuring` and `measured`: its beginning and its end. */
type Moment = 'measuring' | 'fault' | 'healed' | 'measured';

export class AppCounts {
  readonly #deployment: Pick<Deployment, 'requestCounts'>;
  readonly #seen = new Map<Moment, readonly number[]>();

  constructor(deployment: Pick<Deployment, 'requestCounts'>) {
    this.#deployment = deployment;
  }

  /** Never throws: an app that does not tell is what a fault may make of it. */
  async look(moment: Moment): Promise<void> {
    const counts = await this.#deployment.requestCounts().catch(() => null);
    if (counts !== null) this.#seen.set(moment, counts.apps.map(requestsOf));
  }

  get around(): AppRequestsAround {
    return { before: this.#between('measuring', 'fault'), after: this.#between('healed', 'measured') };
  }

  /**
   * Null where one moment is not known, where they came in the other order (a server that got ready after the load), and where an
   * app was started in between: it began to count anew.
   */
  #between(from: Moment, to: Moment): number[] | null {
    const [earlier, later] = [this.#seen.get(from), this.#seen.get(to)];
    const order = [...this.#seen.keys()];
    if (!earlier || !later || order.indexOf(from) > order.indexOf(to)) return null;
    const counted = later.map((count, app) => count - (earlier[app] ?? 0));
    return counted.every((count) => count >= 0) ? counted : null;
  }
}
