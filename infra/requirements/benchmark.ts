/** What measuring the generator itself needs beside what servers that are processes need. */
import { allowedCores } from '../machine/cores.ts';
import { bad, good, type Requirement } from './requirement.ts';

/** @param cores those that this process may use */
export const twoCores = (cores: () => Promise<readonly number[]> = allowedCores): Requirement => ({
  name: 'a core each',
  means: 'the generator and its target must not take time from each other',
  async ask() {
    const [generator, target] = await cores();
    return generator === undefined || target === undefined
      ? bad('this process may use one core only', 'Allow it another: taskset -c 0,1, or a larger cpuset.')
      : good(`${generator} for the generator, ${target} for its target`);
  },
});
