/** Loads that are driven at the same time wait for each other, so that they are measured over the same time. */
export class Rendezvous {
  #expected: number;
  #arrived = 0;
  #meeting: PromiseWithResolvers<void> | null = null;
  #work: () => Promise<void> = async () => {};

  /** @param expected how many meet, from 1 */
  constructor(expected: number) {
    this.#expected = expected;
  }

  /**
   * Resolves when all that are still expected have arrived, and the work is done.
   * @param work the same for all who meet; done once
   * @throws what the work throws, for all who meet
   */
  meet(work: () => Promise<void>): Promise<void> {
    const meeting = this.#meeting ?? Promise.withResolvers<void>();
    this.#meeting = meeting;
    this.#work = work;
    this.#arrived += 1;
    this.#beginWhenComplete();
    return meeting.promise;
  }

  /** Nobody waits for this one any more. Once for each that was expected. */
  leave(): void {
    this.#expected -= 1;
    this.#beginWhenComplete();
  }

  #beginWhenComplete(): void {
    const meeting = this.#meeting;
    if (meeting === null || this.#arrived < this.#expected) return;
    this.#meeting = null;
    this.#arrived = 0;
    meeting.resolve(this.#work());
  }
}
