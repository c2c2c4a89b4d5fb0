/** Keys that stand more than once in one object of a JSON text: JSON.parse takes the last of them without a word. */
import { twice } from '../../record/twice.ts';

/** A string with the colon behind it where it is a key, or the begin or end of an object. Text that is JSON holds no other braces. */
const piece = /"(?:[^"\\]|\\.)*"(?<colon>\s*:)?|[{}]/g;

/** @param text JSON without a fault */
export function keysTwice(text: string): readonly string[] {
  const open: string[][] = [];
  const objects: string[][] = [];
  for (const { 0: found, groups } of text.matchAll(piece)) {
    if (found === '{') open.push([]);
    else if (found === '}') objects.push(open.pop() ?? []);
    else if (groups?.colon) open.at(-1)?.push(String(JSON.parse(found.slice(0, -groups.colon.length))));
  }
  return objects.flatMap(twice);
}
