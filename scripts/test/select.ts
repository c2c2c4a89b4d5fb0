/** Which tests a person asked for. */
import { glob, stat } from 'node:fs/promises';
import path from 'node:path';

export interface Selection {
  /** Files that share the machine with others while they run. */
  readonly together: readonly string[];
  /** Files that measure, or count what the whole machine runs: one at a time. */
  readonly alone: readonly string[];
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
  const chosen =
    places.length === 0 ? all : all.filter((file) => places.some((place) => within(file, place)));
  const goAsked = (place: string) => within(goModule, place) || within(place, goModule);
  return {
    together: chosen.filter((file) => !needsMachine(root, file)),
    alone: chosen.filter((file) => needsMachine(root, file)),
    go: goExists && (places.length === 0 || places.some(goAsked)),
    unknown: wanted.filter((_, index) => {
      const place = places[index] ?? '';
      return !all.some((file) => within(file, place)) && !(goExists && goAsked(place));
    }),
  };
}

const needsMachine = (root: string, file: string) => path.relative(root, file).startsWith(`tests${path.sep}`);

async function testFiles(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  const exclude = (name: string) => /^(node_modules|results|\..+)$/.test(path.basename(name));
  for await (const file of glob('**/*.test.ts', { cwd: root, exclude })) found.push(path.join(root, file));
  return found.sort();
}
