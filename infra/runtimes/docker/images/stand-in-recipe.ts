/** What an image's stand-in adds to the base that all have: the official image's settings, and its small programs. */
import { createHash } from 'node:crypto';
import type { OfficialImage, Tools } from './official.ts';

/** Tells which recipe a stand-in was made by. */
export const RECIPE_LABEL = 'session-bench.stand-in-recipe';

/** Where the official image has what sets its server up. Runs do without, and a stand-in says so when it is run. */
const ENTRYPOINT_FILE = '/usr/local/bin/docker-entrypoint.sh';

/** Programs of Alpine that questions and steps of ours use. */
const busyboxPrograms = 'sh sleep cat head od grep printf readlink nc tr chmod mkdir rm env';

export interface ContextFile {
  /** In the folder of the build, and its absolute path in the image. */
  readonly name: string;
  readonly target: string;
  readonly content: string;
}

export interface StandInRecipe {
  readonly dockerfile: string;
  readonly files: readonly ContextFile[];
  /** Whether the folder of the build must hold the program `coreutils`. */
  readonly needsCoreutils: boolean;
  readonly key: string;
}

const entrypointFile: ContextFile = {
  name: 'docker-entrypoint.sh',
  target: ENTRYPOINT_FILE,
  content: '#!/bin/sh\necho "the entrypoint of a stand-in was run, and there is none" >&2\nexit 64\n',
};

const sleepScript: ContextFile = {
  name: 'sleep',
  target: '/usr/bin/sleep',
  content: '#!/usr/bin/coreutils --coreutils-prog-shebang=sleep\n',
};

const toolLines: Readonly<Record<Tools, readonly string[]>> = {
  coreutils: [],
  'coreutils-single': ['COPY --chown=0:0 coreutils /usr/bin/coreutils'],
  busybox: [
    `RUN ["/bin/busybox", "sh", "-c", "for each in ${busyboxPrograms}; do /bin/busybox ln -sf /bin/busybox /usr/bin/$each; done; /bin/busybox rm -f /usr/bin/bash /usr/bin/rbash"]`,
  ],
};

const toolFiles: Readonly<Record<Tools, readonly ContextFile[]>> = {
  coreutils: [],
  'coreutils-single': [sleepScript],
  busybox: [],
};

/** @param base name of the image that holds the servers */
export function recipeOf({ settings, tools }: OfficialImage, base: string): StandInRecipe {
  const { path, env, user, workdir, volumes, entrypoint, cmd, stopSignal } = settings;
  const files = [entrypointFile, ...toolFiles[tools]];
  const lines = [
    `FROM ${base}`,
    ...files.map(({ name, target }) => `COPY --chown=0:0 ${name} ${target}`),
    ...toolLines[tools],
    ...Object.entries({ PATH: path.join(':'), ...env }).map(([name, value]) => `ENV ${name}=${value}`),
    ...volumes.map((volume) => `VOLUME ${volume}`),
    ...(workdir === null ? [] : [`WORKDIR ${workdir}`]),
    ...(user === null ? [] : [`USER ${user}`]),
    ...(stopSignal === null ? [] : [`STOPSIGNAL ${stopSignal}`]),
    ...(entrypoint.length > 0 ? [`ENTRYPOINT ${JSON.stringify(entrypoint)}`] : []),
    ...(cmd.length > 0 ? [`CMD ${JSON.stringify(cmd)}`] : []),
  ];
  const text = JSON.stringify([lines, files]);
  const key = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const dockerfile = `${[...lines, `LABEL ${RECIPE_LABEL}=${key}`].join('\n')}\n`;
  return { dockerfile, files, needsCoreutils: tools === 'coreutils-single', key };
}
