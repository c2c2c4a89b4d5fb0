/** Programs: what is asked for, where it was found, and what a person does when it was not. */
import type { Lack } from '../lack.ts';
import type { System } from './system.ts';

/** A program that a service needs on the machine (native runtime). */
export interface ProgramNeed {
  /** How the service refers to it: `initdb`. Two services that use one name must mean the same program by it. */
  readonly name: string;
  /** File names to look for, in order of preference. */
  readonly candidates: readonly string[];
  /** Debian packages that contain it, for machines where it is missing. */
  readonly debianPackages: readonly string[];
  /** What a person types where it cannot be fetched: by system (`debian`, `fedora`, `macos`, `other`). */
  readonly remedies: Readonly<Record<string, string>>;
  /** The option by which it tells its version; named where the server's settings follow from that. */
  readonly versionOption?: string;
  /** An option with which it does nothing but say something and end with 0. */
  readonly tryOption?: string;
}

/** A program that was found or fetched. */
export interface Executable {
  readonly path: string;
  /** Environment that it needs, such as LD_LIBRARY_PATH; empty for programs of the system. */
  readonly env: Readonly<Record<string, string>>;
  readonly origin: 'system' | 'cache';
  /** Root of the unpacked packages that it came from (`<root>/usr/bin/…`); null for programs of the system. */
  readonly root: string | null;
  /** The first line of what it says of its version; null where it is not asked, or says nothing. */
  readonly version: string | null;
}

/** Where a program is, as the server process sees it. */
export interface ProgramPlace {
  readonly path: string;
  /** Root of the unpacked packages that it came from; null for programs of the system. */
  readonly root: string | null;
  /** Its file's name behind symbolic links, which tells variants apart: `mysqld` may be `mariadbd`. */
  readonly resolvedName: string;
  /** As `Executable.version`. */
  readonly version: string | null;
}

/** The first line that is not empty; null where there is none. */
export const firstLine = (output: string): string | null =>
  output
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '') ?? null;

/** A program that is missing, with the command that gets it on this system. */
export function lackOf(need: ProgramNeed, on: System, why: string): Lack {
  const wanted = need.candidates.join(' or ');
  const fallback =
    on === 'debian' && need.debianPackages.length > 0
      ? `sudo apt-get install ${need.debianPackages.join(' ')}`
      : `Install ${wanted} so that it is on PATH.`;
  return { what: wanted, why, remedy: need.remedies[on] ?? need.remedies.other ?? fallback };
}
