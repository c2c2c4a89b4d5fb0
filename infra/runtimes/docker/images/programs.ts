/** Where the programs of a service are inside an image: looked up by a shell in it, once for each image. */
import type { ProgramPlace } from '../../../machine/programs/program.ts';
import type { ProgramsInImage } from '../../../services/in-image.ts';
import { dockerCommand } from '../engine/command.ts';
import { lastWords, nextStep } from '../engine/explain.ts';
import { labelArguments } from '../engine/owner.ts';
import type { ImageContext, Provided } from './context.ts';
import type { LocalImage } from './local.ts';

/** A line for each name that the image knows: the name, its path, and the path behind symbolic links. */
const SCRIPT =
  'for name in "$@"; do path=$(command -v "$name") && printf "%s\\t%s\\t%s\\n" "$name" "$path" "$(readlink -f "$path")"; done; exit 0';

type Programs = Readonly<Record<string, ProgramPlace>>;

export async function lookUpPrograms(
  { labels, signal }: ImageContext,
  image: LocalImage,
  wanted: ProgramsInImage,
): Promise<Provided<Programs>> {
  const { exitCode, stdout, all } = await dockerCommand(
    [
      ...['run', '--rm', '--pull', 'never', '--network', 'none', '--read-only', '--cap-drop', 'ALL'],
      ...['--security-opt', 'no-new-privileges', '--user', '65534:65534'],
      ...labelArguments(labels),
      ...['--entrypoint', '/bin/sh', image.reference, '-c', SCRIPT, 'sh', ...wanted.fileNames],
    ],
    { signal },
  );
  const lacking = (what: string, why: string, next: string | null = null): Provided<Programs> => ({
    status: 'lacking',
    lack: { what, why, remedy: next ?? 'Name another image with --image KIND=IMAGE.' },
  });
  if (exitCode !== 0) {
    const why = `no shell could be run in it: ${lastWords(all) || 'no reason given'}`;
    return lacking(`the image ${image.reference}`, why, nextStep(all));
  }
  const chosen = wanted.choose(parsePlaces(stdout));
  if (chosen.status === 'found') return { status: 'ready', value: chosen.programs };
  return lacking(
    `${chosen.candidates.join(' or ')} in the image ${image.reference}`,
    'it is not on the image’s PATH',
  );
}

export function parsePlaces(output: string): ReadonlyMap<string, ProgramPlace> {
  const places = new Map<string, ProgramPlace>();
  for (const line of output.split('\n')) {
    const [name, file, resolved] = line.split('\t');
    if (name && file && resolved) {
      places.set(name, { path: file, root: null, resolvedName: resolved.replace(/^.*\//, '') });
    }
  }
  return places;
}
