/** A way between apps and servers that is none: it keeps how slow it was made, and tells what was done. */
import type { Network } from '../../infra/runtimes/runtime.ts';

export class FakeNetwork implements Network {
  /** Added to each round trip. */
  milliseconds = 0;
  readonly #tell: (what: string) => void;

  constructor(tell: (what: string) => void) {
    this.#tell = tell;
  }

  async slow(milliseconds: number): Promise<void> {
    this.#tell(`slow by ${milliseconds} ms`);
    this.milliseconds = milliseconds;
  }

  async cut(): Promise<void> {
    this.#tell('cut');
  }

  async reset(): Promise<void> {
    this.#tell('reset');
  }

  async heal(): Promise<void> {
    this.#tell('heal');
    this.milliseconds = 0;
  }
}
