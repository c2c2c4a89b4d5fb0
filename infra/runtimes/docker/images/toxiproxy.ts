/** The proxies' image: Toxiproxy as it is built here, on a base with the shell that asks for its health. */
import path from 'node:path';
import { provisionGoProgram } from '../../../machine/programs/go-build.ts';
import { toxiproxyProgram } from '../../../services/toxiproxy/program.ts';
import { buildImage } from './build.ts';
import type { ImageContext, Provided } from './context.ts';
import { compilerInContainer } from './go.ts';
import { describeImage, type LocalImage, type ServiceImage } from './local.ts';

const { name } = toxiproxyProgram;
const FILE = `/${name}`;

/** @param base an image with a shell @throws ImageError */
export async function provideToxiproxyImage(
  context: ImageContext,
  base: LocalImage,
): Promise<Provided<ServiceImage>> {
  const { progress, signal } = context;
  const program = await provisionGoProgram(toxiproxyProgram, {
    progress,
    otherwise: () => compilerInContainer(context),
  });
  signal.throwIfAborted();
  if (program.status === 'lacking') return program;
  const image = await buildImage(context, {
    name,
    dockerfile: `FROM ${base.exactName}\nCOPY --chown=0:0 ${name} ${FILE}\nUSER 65534:65534\nENTRYPOINT ["${FILE}"]\n`,
    files: new Map([[name, { copyOf: program.path }]]),
    // The folder's name is the hash of all that the binary is made of.
    identity: [base.id, path.basename(path.dirname(program.path))],
  });
  const programs = { [name]: { path: FILE, root: null, resolvedName: name, version: null } };
  const description = `${describeImage(image)} on ${describeImage(base)}`;
  return { status: 'ready', value: { reference: image.reference, description, programs } };
}
