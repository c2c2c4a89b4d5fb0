/** `npm run images`: the images that runs in Docker use, and getting, pinning and replacing them. */

import {
  type Engine,
  findEngine,
  ImageError,
  ImageOverrideError,
  makeStandIns,
  pinImages,
  pullImage,
  removeStandIns,
  StandInError,
  type UsedImage,
  usedImages,
} from '../../infra/runtimes/index.ts';
import { discoverStrategies, strategyFolders } from '../../infra/strategies.ts';
import { type CommandSpec, flag, parseArguments } from '../cli/arguments.ts';
import { outliveReaders } from '../cli/closed-output.ts';
import { endWithMistakes } from '../cli/usage.ts';

outliveReaders();

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
      'make stand-ins from Debian packages for the images that are not here: for machines without a registry (needs root and debootstrap)',
    schema: flag,
  },
  removeStandIns: { flags: '--remove-stand-ins', description: 'remove the stand-ins', schema: flag },
  json: { flags: '--json', description: 'print the list as JSON', schema: flag },
};
const spec: CommandSpec<typeof options> = {
  usage: 'npm run images --',
  summary: 'Lists the images that runs in Docker use, and gets, pins or replaces them.',
  options,
  examples: [
    'npm run images',
    'npm run images -- --pull --pin',
    'npm run images -- --offline',
    'SESSION_BENCH_IMAGES=redis=valkey/valkey:9 npm run images',
  ],
  after: 'Exits with 0 when every image is here, otherwise with 1.',
};

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

interface Listed {
  readonly image: string;
  readonly usedBy: string;
  readonly status: 'here' | 'stand-in' | 'missing';
  readonly id: string | null;
  readonly digest: string | null;
  readonly pinned: string | null;
  readonly megabytes: number | null;
}

const used = async (engine: Engine): Promise<readonly UsedImage[]> =>
  await usedImages(engine, await discoverStrategies(strategyFolders()));

const listed = ({ kind, image, here, pinned }: UsedImage): Listed => ({
  image,
  usedBy: kind,
  status: here ? (here.standIn ? 'stand-in' : 'here') : 'missing',
  id: here?.id ?? null,
  digest: here?.digest ?? null,
  pinned,
  megabytes: here ? Math.round(here.bytes / 1e6) : null,
});

function line({ image, usedBy, status, digest, pinned, megabytes }: Listed): string {
  const pin = pinned ? (pinned === digest ? 'as pinned' : `pinned to ${pinned.slice(0, 19)}`) : '';
  const what = {
    here: digest?.slice(0, 19) ?? 'made here',
    'stand-in': 'STAND-IN of Debian packages',
    missing: 'not here',
  };
  const size = megabytes === null ? '' : `${megabytes} MB`;
  return `${image.padEnd(18)} ${usedBy.padEnd(10)} ${what[status].padEnd(28)} ${size.padStart(7)}  ${pin}`.trimEnd();
}

type Wishes = { readonly [Name in keyof typeof options]: boolean };

async function doAll(engine: Engine, wishes: Wishes): Promise<void> {
  const names = (await used(engine)).map(({ image }) => image);
  if (wishes.removeStandIns) {
    const removed = await removeStandIns(engine.client, names);
    say(removed.length > 0 ? `Removed ${removed.join(', ')}` : 'There are no stand-ins.');
  }
  if (wishes.pull) for (const name of names) await pullImage(name, say);
  if (wishes.offline) {
    for (const { image, status } of await makeStandIns(engine.client, names, say)) {
      if (status === 'made') say(`${image} is now a stand-in`);
      if (status === 'kept') say(`${image} is here already and no stand-in: kept`);
    }
  }
  if (wishes.pin) {
    for (const { image, digest, reason } of await pinImages(engine.client, names)) {
      say(`${image}: ${digest ?? `not pinned, since it is ${reason}`}`);
    }
  }
}

const parsed = parseArguments(spec, process.argv.slice(2));
if (parsed.status === 'mistakes') endWithMistakes(spec.usage, parsed.mistakes);
else if (parsed.status === 'help') process.stdout.write(parsed.text);
else {
  const found = await findEngine();
  if (found.status === 'lacking') {
    const { what, why, remedy } = found.lack;
    say(`Images need ${what}: ${why}. ${remedy}`);
    process.exitCode = 1;
  } else {
    try {
      await doAll(found.engine, parsed.values);
      const images = (await used(found.engine)).map(listed);
      process.stdout.write(
        parsed.values.json ? `${JSON.stringify(images, null, 2)}\n` : `${images.map(line).join('\n')}\n`,
      );
      process.exitCode = images.every(({ status }) => status !== 'missing') ? 0 : 1;
    } catch (error) {
      if (![StandInError, ImageError, ImageOverrideError].some((kind) => error instanceof kind)) throw error;
      say(error instanceof Error ? error.message : String(error));
      if (error instanceof ImageError) say(error.remedy);
      process.exitCode = 1;
    }
  }
}
