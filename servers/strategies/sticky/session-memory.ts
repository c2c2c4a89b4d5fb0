/** Texts by session id, with deadlines and bounds. All times are milliseconds since 1970. */

export interface Bounds {
  readonly entries: number;
  /** UTF-16 code units of all texts together. */
  readonly characters: number;
}

interface Entry {
  readonly text: string;
  /** The user whose it is known to be. */
  readonly owner: string | null;
  expiresAt: number;
}

export class SessionMemory {
  readonly #bounds: Bounds;
  readonly #entries = new Map<string, Entry>();
  /** Ids by owner. */
  readonly #owned = new Map<string, Set<string>>();
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
  set(sid: string, text: string, expiresAt: number, owner: string | null = null): boolean {
    const old = this.#entries.get(sid);
    const characters = this.#characters + text.length - (old?.text.length ?? 0);
    if (characters > this.#bounds.characters) return false;
    if (!old && this.#entries.size >= this.#bounds.entries) return false;
    if (old && old.owner !== owner) this.#disown(sid, old.owner);
    this.#entries.set(sid, { text, owner, expiresAt });
    this.#own(sid, owner);
    this.#characters = characters;
    return true;
  }

  ownerOf(sid: string): string | null {
    return this.#entries.get(sid)?.owner ?? null;
  }

  /** Ids of a user's live sessions, with their texts. */
  ownedBy(owner: string, now: number): readonly (readonly [string, string])[] {
    return [...(this.#owned.get(owner) ?? [])].flatMap((sid) => {
      const text = this.get(sid, now);
      return text === undefined ? [] : [[sid, text] as const];
    });
  }

  delete(sid: string): void {
    const entry = this.#entries.get(sid);
    if (!entry) return;
    this.#entries.delete(sid);
    this.#disown(sid, entry.owner);
    this.#characters -= entry.text.length;
  }

  /** Gives a live entry `ttlMs` more from now. */
  prolong(sid: string, now: number, ttlMs: number): void {
    const entry = this.#entries.get(sid);
    if (entry && entry.expiresAt > now) entry.expiresAt = now + ttlMs;
  }

  clear(): void {
    this.#entries.clear();
    this.#owned.clear();
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

  #own(sid: string, owner: string | null): void {
    if (owner === null) return;
    const sids = this.#owned.get(owner);
    if (sids) sids.add(sid);
    else this.#owned.set(owner, new Set([sid]));
  }

  #disown(sid: string, owner: string | null): void {
    if (owner === null) return;
    const sids = this.#owned.get(owner);
    sids?.delete(sid);
    if (sids?.size === 0) this.#owned.delete(owner);
  }
}
