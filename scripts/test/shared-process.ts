/** Files of tests that run in one process, one after the other: each group is a module that imports them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { temporaryPlace } from '../../record/testing/temporary.ts';

export interface Grouped {
  /** What the test runner gets: groups first, since they take longest, then files with a process of their own. */
  readonly files: readonly string[];
  /** Takes the groups' modules back. */
  remove(): void;
}

/**
 * @param files absolute paths
 * @param shared folders below the root; those of one entry share a process
 */
export function inSharedProcesses(
  root: string,
  files: readonly string[],
  shared: readonly (readonly string[])[],
): Grouped {
  const groups = shared
    .map((folders) =>
      files.filter((file) => folders.includes(path.relative(root, file).split(path.sep, 1)[0] ?? '')),
    )
    .filter((group) => group.length > 1);
  if (groups.length === 0) return { files, remove() {} };
  const folder = mkdtempSync(path.join(temporaryPlace, 'sbt-shared-'));
  const modules = groups.map((group, index) => {
    const module = path.join(folder, `${index + 1}.test.mjs`);
    writeFileSync(
      module,
      group.map((file) => `import ${JSON.stringify(pathToFileURL(file).href)};\n`).join(''),
    );
    return module;
  });
  const grouped = new Set(groups.flat());
  return {
    files: [...modules, ...files.filter((file) => !grouped.has(file))],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
