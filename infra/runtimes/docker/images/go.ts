/** Builds Go programs of ours in a container, where this machine has no Go that can. */
import path from 'node:path';
import { buildArguments, buildEnvironment, type Compiler } from '../../../machine/programs/go-build.ts';
import type { NamedImage } from '../../../services/definition.ts';
import { dockerCommand } from '../engine/command.ts';
import { labelArguments } from '../engine/owner.ts';
import type { ImageContext } from './context.ts';
import { type LocalImage, obtainImage } from './local.ts';

export const goImage: NamedImage = { kind: 'go', image: 'golang:1.26' };

/** @throws ImageError */
export const compilerInContainer = async (context: ImageContext): Promise<Compiler> =>
  containerCompiler(await obtainImage(context, goImage), context);

/** Settings of the machine's user for getting Go modules; they may name what else cannot be reached. */
const passedOn = ['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GOPRIVATE'];

function containerCompiler(image: LocalImage, { labels, signal }: ImageContext): Compiler {
  return {
    title: `Go of ${image.reference}, in a container`,
    identity: [image.id],
    async build(sources, binary) {
      const settings = Object.entries({ ...buildEnvironment, HOME: '/tmp', GOPATH: '/tmp/go' });
      const { exitCode, all } = await dockerCommand(
        [
          ...['run', '--rm', '--pull', 'never', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
          ...['--user', `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`],
          ...labelArguments(labels),
          ...settings.flatMap(([name, value]) => ['--env', `${name}=${value}`]),
          ...passedOn.flatMap((name) => ['--env', name]),
          ...['--volume', `${sources}:/src:ro`, '--volume', `${path.dirname(binary)}:/out`],
          ...['--workdir', '/src', '--entrypoint', 'go', image.reference],
          ...buildArguments(`/out/${path.basename(binary)}`),
        ],
        { signal },
      );
      return { exitCode, output: all };
    },
  };
}
