/** Imports go downwards only. Who may import whom stands here, and nowhere else. */

/** The rooms that each room may import from, itself aside. A room within a room, as statistics, is a room of its own. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  record: [],
  advice: ['record'],
  'reports/statistics': ['record'],
  reports: ['reports/statistics', 'advice', 'record'],
  'servers/contract': [],
  servers: ['servers/contract'],
  scenarios: [],
  infra: ['servers/contract', 'record'],
  experiment: ['infra', 'scenarios', 'servers/contract', 'record'],
  scripts: ['experiment', 'infra', 'reports', 'reports/statistics', 'advice', 'servers/contract', 'record'],
};

/** Imports of these are free: tests of whole commands, and those of the servers, which run them as the harness does. */
const free = /^tests\/|^servers\/.*(\.test\.ts$|\/testing\/)/;

export interface Import {
  /** Both are paths from the root of the repository. */
  readonly from: string;
  readonly to: string;
}

/**
 * What `tsc --explainFiles` says, which counts types and `import()` too.
 * @throws Error when it names no import: then this does not read what this version of TypeScript writes.
 */
export function importsOf(explained: string): readonly Import[] {
  const imports: Import[] = [];
  let to = '';
  for (const line of explained.split('\n')) {
    const from = /^ +Imported via .+ from file '(.+?)'/.exec(line)?.[1];
    if (!line.startsWith(' ')) to = line;
    else if (from !== undefined && !to.includes('node_modules/')) imports.push({ from, to });
  }
  if (imports.length === 0)
    throw new Error('tsc --explainFiles named no import; does it write another format?');
  return imports;
}

/** Each import that goes up or sideways, with what is allowed. */
export function backArrows(imports: readonly Import[]): readonly string[] {
  return imports
    .filter(({ from }) => !free.test(from))
    .flatMap(({ from, to }) => {
      const [importer, imported] = [roomOf(from), roomOf(to)];
      const allowed = mayImport[importer];
      if (allowed === undefined)
        return [`${from}: say in scripts/check/directions.ts what ${importer} may import`];
      if (importer === imported || allowed.includes(imported)) return [];
      return [`${from} imports ${to}; ${importer} may import ${allowed.join(', ') || 'no other room'}`];
    })
    .toSorted();
}

/** The innermost room of a file; its folder at the top where that is no room. */
function roomOf(file: string): string {
  const rooms = Object.keys(mayImport).filter((room) => file.startsWith(`${room}/`));
  return rooms.toSorted((a, b) => b.length - a.length)[0] ?? file.replace(/\/.*/s, '');
}
