/** Toxiproxy as a program: which one, and how it is got. */
import path from 'node:path';
import type { GoProgram } from '../../machine/programs/go-build.ts';
import type { ProgramNeed } from '../../machine/programs/program.ts';

const NAME = 'toxiproxy';

/** Built here from its makers' module, of the version that `server/go.mod` pins. */
export const toxiproxyProgram: GoProgram = {
  name: NAME,
  sources: path.join(import.meta.dirname, 'server'),
  takes: 'about half a minute on two cores',
};

/** It is never looked for: whatever a machine has under this name takes other options. */
export const toxiproxyNeed: ProgramNeed = {
  name: NAME,
  candidates: [NAME],
  debianPackages: [],
  remedies: { other: 'Install Go, which builds it.' },
};
