/**
 * docs/official-images.md, made of the table of official images. `node infra/runtimes/docker/images/official-page.ts`
 * writes the file again, and a test holds the two together.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type OfficialImage, officialImages } from './official.ts';

export const officialFile = path.join(import.meta.dirname, '../../../../docs/official-images.md');

const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');

function settingsOf({ settings }: OfficialImage): string {
  const { path: folders, env, user, workdir, volumes, entrypoint, cmd, stopSignal } = settings;
  const lines = [
    ['PATH', folders.join(':')],
    [
      'ENV',
      Object.entries(env)
        .map((pair) => pair.join('='))
        .join(' '),
    ],
    ['USER', user ?? ''],
    ['WORKDIR', workdir ?? ''],
    ['VOLUME', volumes.join(' ')],
    ['ENTRYPOINT', entrypoint.join(' ')],
    ['CMD', cmd.join(' ')],
    ['STOPSIGNAL', stopSignal ?? ''],
  ];
  return lines.flatMap(([name, value]) => (value ? [`${name} \`${value}\``] : [])).join(', ');
}

function sectionOf(image: OfficialImage): string {
  return [
    `## ${image.repository}:${image.tag}`,
    `${image.system}, ${image.tools}. ${settingsOf(image)}.`,
    `Runs rely on:\n\n${list(image.assumed)}`,
    `Seen in:\n\n${list(image.seen)}`,
    ...(image.standInDiffers === null ? [] : [`Stand-in: ${image.standInDiffers}.`]),
  ].join('\n\n');
}

/** The file's content, as it must be for the table. */
export function officialPage(): string {
  const parts = [
    '# Official images',
    'What runs in Docker rely on, image by image, and where it was seen. Written by `node infra/runtimes/docker/images/official-page.ts` from [official.ts](../infra/runtimes/docker/images/official.ts).',
    'No registry could be reached where this was written: the images were read, not run. What is tested runs on stand-ins (`npm run images -- --offline`), which have the settings and small programs below, and servers of Debian’s unstable release.',
    ...officialImages.map(sectionOf),
  ];
  return `${parts.join('\n\n')}\n`;
}

if (import.meta.main) await writeFile(officialFile, officialPage());
