/** The images that a run needs, got or built before its first deployment. */
import path from 'node:path';
import { app } from '../../services/app/index.ts';
import type { NamedImage, Service } from '../../services/definition.ts';
import { allOf } from '../../services/in-image.ts';
import { appMain, discoverStrategies } from '../../strategies.ts';
import { anyBalancer, needsOf } from '../plan.ts';
import type { Availability, Lack, NetworkMode, Strategy } from '../runtime.ts';
import { BundleError, buildAppImage, bundleApp, storesBeside } from './images/app.ts';
import type { ImageContext, Provided } from './images/context.ts';
import { provideK6Image } from './images/k6.ts';
import {
  describeImage,
  ImageError,
  type LocalImage,
  obtainImage,
  type ServiceImage,
} from './images/local.ts';
import { imageNameOf } from './images/names.ts';
import { lookUpPrograms } from './images/programs.ts';
import { provideToxiproxyImage } from './images/toxiproxy.ts';

type ImageOf = (service: Service) => Provided<ServiceImage>;

export interface Prepared {
  readonly availability: readonly Availability[];
  readonly k6: Provided<LocalImage>;
  /** Null where apps connect to the servers. */
  readonly proxies: Provided<ServiceImage> | null;
  readonly imageOf: ImageOf;
  readonly apps: AppImages;
}

/** @throws Error the signal's reason when it was aborted. What a person can mend is a lack. */
export async function prepareImages(
  strategies: readonly Strategy[],
  context: ImageContext,
  network: NetworkMode,
): Promise<Prepared> {
  const needs = strategies.map(needsOf);
  const services = needs.flatMap((each) => each.services.map(({ service }) => service));
  const [k6, base, imageOf] = await Promise.all([
    orLack('the image of k6', context, () => provideK6Image(context)),
    orLack(titleOf(app, context), context, () => provideBase(context)),
    provideServices([anyBalancer, ...services], context),
  ]);
  const proxies = network === 'proxied' ? await provideProxies(base, context) : null;
  const common = [k6, imageOf(anyBalancer), base].flatMap(lackOf);
  // Where there are no servers, no proxy stands before one.
  const beforeServers = proxies ? lackOf(proxies) : [];
  const lacks = new Map(
    needs.map((each): [string, readonly Lack[]] => {
      const own = each.services.flatMap(({ service }) => lackOf(imageOf(service)));
      const between = each.services.length > 0 ? beforeServers : [];
      return [each.strategy, [...common, ...between, ...each.mistakes, ...own]];
    }),
  );
  const apps = new AppImages(context, base);
  const broken = await apps.provide(strategies.filter(({ name }) => lacks.get(name)?.length === 0));
  const availability = strategies.map(({ name }): Availability => {
    const all = [...(lacks.get(name) ?? []), ...(broken.get(name) ?? [])];
    return all.length > 0
      ? { status: 'unavailable', strategy: name, lacks: all }
      : { status: 'available', strategy: name };
  });
  return { availability, k6, proxies, imageOf, apps };
}

/** @throws Error naming what is lacking */
export function provided<Value>(found: Provided<Value>): Value {
  if (found.status === 'ready') return found.value;
  throw new Error(`${found.lack.what} is lacking: ${found.lack.why}`);
}

const ready = <Value>(value: Value): Provided<Value> => ({ status: 'ready', value });

const lackOf = (found: Provided<unknown>): readonly Lack[] =>
  found.status === 'lacking' ? [found.lack] : [];

const titleOf = (named: NamedImage, { overrides }: ImageContext) =>
  `the image ${imageNameOf(named, overrides)}`;

/** What a person can mend is a lack; an interruption and all else goes on. */
async function orLack<Value>(
  what: string,
  { signal }: ImageContext,
  work: () => Promise<Provided<Value>>,
): Promise<Provided<Value>> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ImageError)) throw error;
    return { status: 'lacking', lack: { what, why: error.why, remedy: error.remedy } };
  }
}

/** Services that run the same image and the same programs in it get them once. */
async function provideServices(services: readonly Service[], context: ImageContext): Promise<ImageOf> {
  const keyOf = ({ image, programsInImage, askedWith }: Service) =>
    JSON.stringify([
      imageNameOf(image, context.overrides),
      programsInImage.fileNames,
      programsInImage.versionOptions,
      askedWith,
    ]);
  const distinct = new Map(services.map((service) => [keyOf(service), service]));
  const found = new Map(
    await Promise.all(
      [...distinct].map(async ([key, service]): Promise<[string, Provided<ServiceImage>]> => {
        const work = () => provideService(service, context);
        return [key, await orLack(titleOf(service.image, context), context, work)];
      }),
    ),
  );
  return (service) => {
    const image = found.get(keyOf(service));
    if (!image) throw new Error(`the image ${service.image.image} has not been provisioned`);
    return image;
  };
}

/** The app brings its own Node.js; of the base it needs libraries, and what it is asked with. */
async function provideBase(context: ImageContext): Promise<Provided<LocalImage>> {
  const image = await obtainImage(context, app);
  const found = await lookUpPrograms(context, image, allOf([]), app.health.programs);
  return found.status === 'lacking' ? found : ready(image);
}

/** On the base of the apps. */
const provideProxies = (base: Provided<LocalImage>, context: ImageContext): Promise<Provided<ServiceImage>> =>
  orLack('the image of the proxies', context, async () =>
    base.status === 'lacking' ? base : await provideToxiproxyImage(context, base.value),
  );

async function provideService(
  { image: named, programsInImage, askedWith }: Service,
  context: ImageContext,
): Promise<Provided<ServiceImage>> {
  const image = await obtainImage(context, named);
  const programs = await lookUpPrograms(context, image, programsInImage, askedWith);
  if (programs.status === 'lacking') return programs;
  const description = describeImage(image);
  return ready({ reference: image.reference, description, programs: programs.value });
}

/** The app's images: one for each checkout whose app is measured, with the stores of all strategies in it. */
class AppImages {
  readonly #context: ImageContext;
  readonly #base: Provided<LocalImage>;
  readonly #built = new Map<string, Promise<ServiceImage>>();
  #strategies: readonly Strategy[] = [];

  constructor(context: ImageContext, base: Provided<LocalImage>) {
    this.#context = context;
    this.#base = base;
  }

  /** Builds the image of this checkout's app. @returns what is lacking, by strategy */
  async provide(strategies: readonly Strategy[]): Promise<ReadonlyMap<string, readonly Lack[]>> {
    if (strategies.length === 0) return new Map();
    // With every strategy of this checkout, whichever are measured: one image serves all runs.
    this.#strategies = [...strategies, ...(await discoverStrategies().catch(() => []))];
    try {
      const built = await orLack('the image of the app', this.#context, async () =>
        ready(await this.#of(appMain)),
      );
      return new Map(strategies.map(({ name }) => [name, lackOf(built)]));
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      const broken = await brokenStores(strategies);
      this.#built.clear();
      this.#strategies = strategies.filter(({ name }) => !broken.has(name));
      return broken;
    }
  }

  /** The image of the app with this main module, built at the first call. @throws Error when the store is not in it */
  async with(strategy: Strategy, main: string): Promise<ServiceImage> {
    const stores = storesBeside(main, this.#strategies);
    if (!stores.some(({ folder }) => folder === strategy.folder))
      throw new Error(`the store of ${strategy.folder} is not in the image of the app ${main}`);
    return await this.#of(main);
  }

  #of(main: string): Promise<ServiceImage> {
    const image = this.#built.get(main) ?? this.#build(main);
    this.#built.set(main, image);
    return image;
  }

  async #build(main: string): Promise<ServiceImage> {
    const sources = { main, strategies: storesBeside(main, this.#strategies) };
    return await buildAppImage(this.#context, sources, provided(this.#base));
  }
}

/** Strategies whose store cannot be bundled. */
async function brokenStores(strategies: readonly Strategy[]): Promise<ReadonlyMap<string, readonly Lack[]>> {
  const broken = new Map<string, readonly Lack[]>();
  for (const { name, folder } of strategies) {
    try {
      await bundleApp({ main: appMain, strategies: [{ name, folder }] });
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      const remedy = `Mend ${path.join(folder, 'store.ts')}.`;
      broken.set(name, [{ what: `the store of ${name}`, why: error.message, remedy }]);
    }
  }
  return broken;
}
