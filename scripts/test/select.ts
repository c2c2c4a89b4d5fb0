/** Which tests a person asked for. */
import { glob, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Kind, kindOf } from './kinds.ts';

export interface Selection {
  /** Absolute paths, by kind. */
  readonly files: Readonly<Record<Kind, readonly string[]>>;
  /** Whether the tests of the Go module are among them. */
  readonly go: boolean;
  /** Names that match no test. */
  readonly unknown: readonly string[];
}

/**
 * @param root the repository
 * @param wanted files and folders, relative to the root or absolute; all tests when empty
 * @param goModule folder of the Go module
 */
export async function selectTests(
  root: string,
  wanted: readonly string[],
  goModule: string,
): Promise<Selection> {
  const all = await testFiles(root);
  const goExists = await stat(path.join(goModule, 'go.mod')).then(
    () => true,
    () => false,
  );
  const places = wanted.map((each) => path.resolve(root, each));
  const within = (file: string, place: string) => file === place || file.startsWith(`${place}${path.sep}`);
  const goIn = (place: string) => goExists && (within(goModule, place) || within(place, goModule));
  const chosen = all.filter((file) => places.length === 0 || places.some((place) => within(file, place)));
  const ofKind = (kind: Kind) => chosen.filter((file) => kindOf(file) === kind);
  return {
    files: { fast: ofKind('fast'), live: ofKind('live'), alone: ofKind('alone') },
    go: places.length === 0 ? goExists : places.some(goIn),
    unknown: wanted.filter((each) => {
      const place = path.resolve(root, each);
      return !all.some((file) => within(file, place)) && !goIn(place);
    }),
  };
}

async function testFiles(root: string): Promise<readonly string[]> {
  const exclude = (name: string) => /^(node_modules|results|\..+)$/.test(path.basename(name));
  const found: string[] = [];
  for await (const file of glob('**/*.test.ts', { cwd: root, exclude })) found.push(path.join(root, file));
  // Those of whole commands take longest and stand under tests/. They start first, so that no lane is idle at the end.
  return found.sort().reverse();
}
