/** How a service finds its programs in an image, which may hold others than a machine does. */
import type { ProgramPlace } from '../machine/programs/program.ts';

/** A program that an image must hold under one of these names, the preferred first. */
export interface ImageProgram {
  /** The name that the plan uses. */
  readonly name: string;
  readonly candidates: readonly string[];
  /** As `ProgramNeed.versionOption`. */
  readonly versionOption?: string;
}

export type ChosenPrograms =
  | { readonly status: 'found'; readonly programs: Readonly<Record<string, ProgramPlace>> }
  /** File names of which the image has none. */
  | { readonly status: 'missing'; readonly candidates: readonly string[] };

/** Programs by the names of their files. */
export type FoundPrograms = ReadonlyMap<string, ProgramPlace>;

export interface ProgramsInImage {
  /** Names of files to look for on the image's PATH. */
  readonly fileNames: readonly string[];
  /** By name of the file, the option by which it is asked for its version. */
  readonly versionOptions: Readonly<Record<string, string>>;
  /** Those that the plan will use. */
  choose(found: FoundPrograms): ChosenPrograms;
}

/** The usual case: the image must hold all of them. */
export function allOf(needs: readonly ImageProgram[]): ProgramsInImage {
  return {
    fileNames: [...new Set(needs.flatMap(({ candidates }) => candidates))],
    versionOptions: Object.fromEntries(
      needs.flatMap(({ candidates, versionOption }) =>
        versionOption === undefined ? [] : candidates.map((name) => [name, versionOption]),
      ),
    ),
    choose(found) {
      const programs: Record<string, ProgramPlace> = {};
      for (const { name, candidates } of needs) {
        const place = candidates.map((each) => found.get(each)).find((each) => each !== undefined);
        if (!place) return { status: 'missing', candidates };
        programs[name] = place;
      }
      return { status: 'found', programs };
    },
  };
}

/** Programs that an image may come without; the plan does without them then. */
export function withOptional(required: ProgramsInImage, optional: readonly string[]): ProgramsInImage {
  return {
    fileNames: [...required.fileNames, ...optional],
    versionOptions: required.versionOptions,
    choose(found) {
      const chosen = required.choose(found);
      if (chosen.status === 'missing') return chosen;
      const present = [...found].filter(([fileName]) => optional.includes(fileName));
      return { status: 'found', programs: { ...chosen.programs, ...Object.fromEntries(present) } };
    },
  };
}
