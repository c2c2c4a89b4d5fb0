/** Texts by session id, with deadlines and bounds. All times are milliseconds since 1970. */

export interface Bounds {
  readonly entries: number;
  /** UTF-16 code units of all texts together. */
  readonly characters: number;
}

interface Entry {
  readonly text: string;
  expiresAt: number;
}

export class SessionMemory {
  readonly #bounds: Bounds;
  readonly #entries = new Map<string, Entry>();
  #characters = 0;
  /** Where the last sweep stopped; a Map's iterator stays good while entries come and go. */
  #cursor: Iterator<[string, Entry]> | null = null;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  get(sid: string, now: number): string | undefined {
    const entry = this.#entries.get(sid);
    if (!entry) return undefined;
    if (entry.expiresAt > now) return entry.text;
    this.delete(sid);
    return undefined;
  }

  /** False when it does not fit; the entry that was there is then unchanged. */
  set(sid: string, text: string, expiresAt: number): boolean {
    const old = this.#entries.get(sid);
    const characters = this.#characters + text.length - (old?.text.length ?? 0);
    if (characters > this.#bounds.characters) return false;
    if (!old && this.#entries.size >= this.#bounds.entries) return false;
    this.#entries.set(sid, { text, expiresAt });
    this.#characters = characters;
    return true;
  }

  delete(sid: string): void {
    const entry = this.#entries.get(sid);
    if (!entry) return;
    this.#entries.delete(sid);
    this.#characters -= entry.text.length;
  }

  /** Gives a live entry `ttlMs` more from now. */
  prolong(sid: string, now: number, ttlMs: number): void {
    const entry = this.#entries.get(sid);
    if (entry && entry.expiresAt > now) entry.expiresAt = now + ttlMs;
  }

  clear(): void {
    this.#entries.clear();
    this.#characters = 0;
    this.#cursor = null;
  }

  /** Entries, ended ones included. */
  get size(): number {
    return this.#entries.size;
  }

  countAlive(now: number): number {
    let alive = 0;
    for (const { expiresAt } of this.#entries.values()) if (expiresAt > now) alive += 1;
    return alive;
  }

  /** Removes what has expired among the next `limit` entries, going round and round over all of them. */
  sweep(limit: number, now: number): void {
    this.#cursor ??= this.#entries.entries();
    for (let looked = 0; looked < limit; looked += 1) {
      const next = this.#cursor.next();
      if (next.done) {
        this.#cursor = null;
        return;
      }
      const [sid, entry] = next.value;
      if (entry.expiresAt <= now) this.delete(sid);
    }
  }
}
