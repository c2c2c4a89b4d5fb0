/** The options of the images command. */
import { imageKinds } from '../../infra/runtimes/index.ts';
import { commandSpec, type OptionTable, type OptionValues } from '../cli/command-spec.ts';
import { type Known, unknownImages } from '../cli/measuring-options.ts';
import { flag } from '../cli/values.ts';

const options = {
  pull: { flags: '--pull', description: 'pull every image, also those that are here', schema: flag },
  pin: {
    flags: '--pin',
    description:
      'write the digests of the images that are here into images.lock.json, which later runs hold to',
    schema: flag,
  },
  offline: {
    flags: '--offline',
    description:
      'make stand-ins from Debian packages for the images that are not here: for machines without a registry (needs root, debootstrap and Go)',
    schema: flag,
  },
  removeStandIns: { flags: '--remove-stand-ins', description: 'remove the stand-ins', schema: flag },
  json: { flags: '--json', description: 'print the list as JSON', schema: flag },
} satisfies OptionTable;

export type ImagesOptions = OptionValues<typeof options>;

export const imagesSpec = ({ strategies, environment: { images } }: Known) =>
  commandSpec({
    usage: 'npm run images --',
    summary: 'Lists the images that runs in Docker use, and gets, pins or replaces them.',
    options,
    environment: ['strategyFolders', 'images'],
    check: () => unknownImages(images, imageKinds(strategies)),
    examples: [
      'npm run images',
      'npm run images -- --pull --pin',
      'npm run images -- --offline',
      'SESSION_BENCH_IMAGES=redis=valkey/valkey:9.1 npm run images',
    ],
    after:
      'Exit codes: 0 every image is here; 1 one is not; 69 Docker cannot be used, or an image cannot be had.',
  });
