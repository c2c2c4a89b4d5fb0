/** How a service finds its programs in an image, which may hold others than a machine does. */
import type { ProgramPlace } from '../machine/programs/program.ts';

/** A program that an image must hold under one of these names, the preferred first. */
export interface ImageProgram {
  /** The name that the plan uses. */
  readonly name: string;
  readonly candidates: readonly string[];
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
  /** Those that the plan will use. */
  choose(found: FoundPrograms): ChosenPrograms;
}

/** The usual case: the image must hold all of them. */
export function allOf(needs: readonly ImageProgram[]): ProgramsInImage {
  return {
    fileNames: [...new Set(needs.flatMap(({ candidates }) => candidates))],
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
    choose(found) {
      const chosen = required.choose(found);
      if (chosen.status === 'missing') return chosen;
      const present = [...found].filter(([fileName]) => optional.includes(fileName));
      return { status: 'found', programs: { ...chosen.programs, ...Object.fromEntries(present) } };
    },
  };
}
