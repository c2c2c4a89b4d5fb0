/** One description of each kind of server; every runtime runs the same program with the same arguments. */

/** A program that a service needs on the machine (native runtime). */
export interface ProgramNeed {
  /** How the service refers to it: `server`, `initdb`. */
  readonly name: string;
  /** File names to look for, in order of preference. */
  readonly candidates: readonly string[];
  /** Further names under which an image holds what serves in its place, after the candidates. */
  readonly inImages?: readonly string[];
  /** True when an image may come without it, and the plan then does without. */
  readonly imageMayLack?: boolean;
  /** Debian packages that contain it, for machines where it is missing. */
  readonly debianPackages: readonly string[];
  /** What a person types where it cannot be fetched: by system (`debian`, `fedora`, `macos`, `other`). */
  readonly remedies: Readonly<Record<string, string>>;
}

/** A program that was found or fetched. */
export interface Executable {
  readonly path: string;
  /** Environment that it needs, such as LD_LIBRARY_PATH; empty for programs of the system. */
  readonly env: Readonly<Record<string, string>>;
  readonly origin: 'system' | 'cache';
  /** Root of the unpacked packages that it came from (`<root>/usr/bin/…`); null for programs of the system. */
  readonly root: string | null;
}
