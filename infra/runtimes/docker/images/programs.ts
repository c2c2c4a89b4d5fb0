/** Where the programs of a service are inside an image: looked up by a shell in it, once for each image. */
import { firstLine, type ProgramPlace } from '../../../machine/programs/program.ts';
import type { Alternatives } from '../../../services/health.ts';
import type { FoundPrograms, ProgramsInImage } from '../../../services/in-image.ts';
import { dockerCommand } from '../engine/command.ts';
import { lastWords, nextStep } from '../engine/explain.ts';
import { labelArguments } from '../engine/owner.ts';
import type { ImageContext, Provided } from './context.ts';
import type { LocalImage } from './local.ts';

/**
 * A line for each name that the image knows: the name, its path, the path behind symbolic links, and what it says of its
 * version. Arguments are names, some with the option that asks for the version: `redis-server=--version`.
 */
export const SCRIPT = `for each in "$@"; do
  name=\${each%%=*}
  path=$(command -v "$name") || continue
  version=
  [ "$name" = "$each" ] || version=$("$path" "\${each#*=}" 2>/dev/null </dev/null)
  printf "%s\\t%s\\t%s\\t%s\\n" "$name" "$path" "$(readlink -f "$path")" "\${version%%
*}"
done; exit 0`;

/** Every container waits with it once it is healthy. */
const always: readonly Alternatives[] = [['sleep']];

type Programs = Readonly<Record<string, ProgramPlace>>;

/** Where a service's programs are, in an image that also holds what the service is asked with. */
export async function lookUpPrograms(
  context: ImageContext,
  image: LocalImage,
  wanted: ProgramsInImage,
  askedWith: readonly Alternatives[],
): Promise<Provided<Programs>> {
  const tools = [...always, ...askedWith];
  const { exitCode, stdout, all } = await runInside(context, image, wordsFor(wanted, tools));
  const { reference } = image;
  if (exitCode !== 0) {
    const why = `no shell could be run in it: ${lastWords(all) || 'no reason given'}`;
    return lacking(`the image ${reference}`, why, nextStep(all));
  }
  const found = parsePlaces(stdout);
  const missing = tools.find((alternatives) => !alternatives.some((name) => found.has(name)));
  if (missing) {
    return lacking(
      `${missing.join(' or ')} in the image ${reference}`,
      'a container is asked with it whether its server answers, and it is not on the image’s PATH',
    );
  }
  return chosenFrom(found, wanted, reference);
}

/** Arguments of the script. @param tools asked for by name alone */
export function wordsFor(wanted: ProgramsInImage, tools: readonly Alternatives[]): readonly string[] {
  return [...new Set([...wanted.fileNames, ...tools.flat()])].map((name) => {
    const option = wanted.versionOptions[name];
    return option === undefined ? name : `${name}=${option}`;
  });
}

function chosenFrom(found: FoundPrograms, wanted: ProgramsInImage, reference: string): Provided<Programs> {
  const chosen = wanted.choose(found);
  if (chosen.status === 'found') return { status: 'ready', value: chosen.programs };
  return lacking(
    `${chosen.candidates.join(' or ')} in the image ${reference}`,
    'it is not on the image’s PATH',
  );
}

const lacking = (what: string, why: string, next: string | null = null): Provided<never> => ({
  status: 'lacking',
  lack: { what, why, remedy: next ?? 'Name another image with --image KIND=IMAGE.' },
});

function runInside({ labels, signal }: ImageContext, { reference }: LocalImage, names: readonly string[]) {
  return dockerCommand(
    [
      ...['run', '--rm', '--pull', 'never', '--network', 'none', '--read-only', '--cap-drop', 'ALL'],
      ...['--security-opt', 'no-new-privileges', '--user', '65534:65534'],
      ...labelArguments(labels),
      ...['--entrypoint', '/bin/sh', reference, '-c', SCRIPT, 'sh', ...names],
    ],
    { signal },
  );
}

export function parsePlaces(output: string): ReadonlyMap<string, ProgramPlace> {
  const places = new Map<string, ProgramPlace>();
  for (const line of output.split('\n')) {
    const [name, file, resolved, version = ''] = line.split('\t');
    if (name && file && resolved) {
      const resolvedName = resolved.replace(/^.*\//, '');
      places.set(name, { path: file, root: null, resolvedName, version: firstLine(version) });
    }
  }
  return places;
}
