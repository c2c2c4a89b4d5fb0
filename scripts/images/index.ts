/** `npm run images`: the images that runs in Docker use, and getting, pinning and replacing them. */
import {
  type Engine,
  findEngine,
  makeStandIns,
  pinImages,
  pullImage,
  removeStandIns,
  usedImages,
} from '../../infra/runtimes/index.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { UserError } from '../../record/user-error.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { discover } from '../cli/measuring-options.ts';
import { runCommand } from '../cli/run-command.ts';
import { asData, asLine } from './list.ts';
import { type ImagesOptions, imagesSpec } from './options.ts';

await runCommand(
  async (environment) => imagesSpec(await discover(environment)),
  async ({ values, environment }) => {
    const engine = await engineOrThrow();
    const strategies = await discoverStrategies(environment.strategyFolders);
    const images = () => usedImages(engine, strategies, environment.images);
    const names = (await images()).map(({ image }) => image);
    await change(engine, names, values);
    const list = (await images()).map(asData);
    const text = values.json ? JSON.stringify(list, null, 2) : list.map(asLine).join('\n');
    process.stdout.write(`${text}\n`);
    return list.every(({ status }) => status !== 'missing') ? exitCode.ok : 1;
  },
);

/** @throws UserError */
async function engineOrThrow(): Promise<Engine> {
  const found = await findEngine();
  if (found.status === 'ready') return found.engine;
  const { what, why, remedy } = found.lack;
  throw new UserError('unavailable', `Images need ${what}: ${why}. ${remedy}`);
}

/** Does what the options ask for, in this order: remove, pull, make, pin. */
async function change({ client }: Engine, names: readonly string[], options: ImagesOptions): Promise<void> {
  if (options.removeStandIns) {
    const removed = await removeStandIns(client, names);
    say(removed.length > 0 ? `Removed ${removed.join(', ')}` : 'There are no stand-ins.');
  }
  if (options.pull) for (const name of names) await pullImage(name, say);
  if (options.offline) {
    for (const { image, status } of await makeStandIns(client, names, say)) {
      if (status === 'made') say(`${image} is now a stand-in`);
      if (status === 'kept') say(`${image} is here already and no stand-in: kept`);
    }
  }
  if (options.pin) {
    for (const { image, digest, reason } of await pinImages(client, names))
      say(`${image}: ${digest ?? `not pinned, since it is ${reason}`}`);
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
