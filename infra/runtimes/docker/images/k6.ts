/** The generator's image: the k6 of `infra/k6` and nothing else. Where this machine has no Go, a container builds it. */
import path from 'node:path';
import {
  buildArguments,
  buildEnvironment,
  type Compiler,
  provisionK6,
} from '../../../machine/programs/k6-build.ts';
import type { NamedImage } from '../../../services/definition.ts';
import { dockerCommand } from '../engine/command.ts';
import { labelArguments } from '../engine/owner.ts';
import { buildImage } from './build.ts';
import type { ImageContext, Provided } from './context.ts';
import { type LocalImage, obtainImage } from './local.ts';

/** Builds k6 where the machine has no Go. */
export const goImage: NamedImage = { kind: 'go', image: 'golang:1.26' };

/** @throws ImageError */
export async function provideK6Image(context: ImageContext): Promise<Provided<LocalImage>> {
  const k6 = await provisionK6({
    progress: context.progress,
    otherwise: async () => containerCompiler(await obtainImage(context, goImage), context),
  });
  context.signal.throwIfAborted();
  if (k6.status === 'lacking') return k6;
  const recipe = {
    name: 'k6',
    dockerfile: 'FROM scratch\nCOPY --chown=0:0 k6 /k6\nUSER 65534:65534\nENTRYPOINT ["/k6"]\n',
    files: new Map([['k6', { copyOf: k6.path }]]),
    // The folder's name is the hash of all that the binary is made of.
    identity: [path.basename(path.dirname(k6.path))],
  };
  return { status: 'ready', value: await buildImage(context, recipe) };
}

/** Settings of the machine's user for getting Go modules; they may name what else cannot be reached. */
const passedOn = ['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GOPRIVATE'];

function containerCompiler(image: LocalImage, { labels, signal }: ImageContext): Compiler {
  return {
    title: `Go of ${image.reference}, in a container`,
    identity: [image.id],
    async build(sources, folder) {
      const settings = Object.entries({ ...buildEnvironment, HOME: '/tmp', GOPATH: '/tmp/go' });
      const { exitCode, all } = await dockerCommand(
        [
          ...['run', '--rm', '--pull', 'never', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
          ...['--user', `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`],
          ...labelArguments(labels),
          ...settings.flatMap(([name, value]) => ['--env', `${name}=${value}`]),
          ...passedOn.flatMap((name) => ['--env', name]),
          ...['--volume', `${sources}:/src:ro`, '--volume', `${folder}:/out`, '--workdir', '/src'],
          ...['--entrypoint', 'go', image.reference, ...buildArguments('/out/k6')],
        ],
        { signal },
      );
      return { exitCode, output: all };
    },
  };
}
