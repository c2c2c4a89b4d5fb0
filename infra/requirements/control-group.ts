/** What the control groups of this process allow it, on both versions of the hierarchy. */
import path from 'node:path';
import { readOrEmpty } from '../machine/read-or-empty.ts';

const root = '/sys/fs/cgroup';

/** Folders of the groups that this process is in, the innermost first: each limits those within it. */
async function groupsOf(controller: string): Promise<readonly string[]> {
  const lines = (await readOrEmpty('/proc/self/cgroup')).split('\n').map((line) => line.split(':'));
  // Version 1 has a hierarchy for each controller, version 2 one for all, without a name.
  const own = lines.find(([, names]) => names?.split(',').includes(controller));
  const within = (own ?? lines.find(([number]) => number === '0'))?.slice(2).join(':');
  if (within === undefined) return [];
  const hierarchy = own ? path.join(root, controller) : root;
  const groups = [within];
  for (let each = within; each !== '/' && each !== '.'; each = path.dirname(each))
    groups.push(path.dirname(each));
  return groups.map((group) => path.join(hierarchy, group));
}

/**
 * What one file says in each of the groups that has it, the innermost first.
 * @param names of the file, in version 2 and in version 1
 */
export async function groupFiles(
  controller: string,
  ...names: readonly string[]
): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const group of await groupsOf(controller)) {
    const found = await Promise.all(names.map((name) => readOrEmpty(path.join(group, name))));
    const text = found.find((each) => each !== '')?.trim();
    if (text !== undefined) texts.push(text);
  }
  return texts;
}

/**
 * How much more the groups allow: the least of limit less use.
 * @param files of limit and use, each in version 2 and in version 1
 * @returns Infinity where nothing is limited
 */
export async function roomInGroups(
  controller: string,
  files: { readonly limit: readonly string[]; readonly use: readonly string[] },
): Promise<number> {
  const [limits, uses] = await Promise.all([
    groupFiles(controller, ...files.limit),
    groupFiles(controller, ...files.use),
  ]);
  const rooms = limits.map((limit, index) => Number(limit) - Number(uses[index]));
  return Math.min(...rooms.filter((room) => Number.isFinite(room)));
}
