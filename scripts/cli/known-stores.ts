/** Strategies that keep sessions in servers of their own, by their names: those of this checkout, with their variants. */
import type { Strange } from '../../advice/prices/book.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { withVariants } from '../../infra/variants.ts';
import { unknownWord } from './suggest.ts';

/** Of a name that is none of them, which there are. */
export async function strangeStores(): Promise<Strange> {
  const strategies = withVariants(await discoverStrategies());
  const inApps = ({ topology }: (typeof strategies)[number]): boolean => topology.traits?.servers === null;
  const known = strategies.filter((each) => !inApps(each)).map(({ name }) => name);
  return (name) => {
    if (known.includes(name)) return null;
    if (!strategies.some((each) => each.name === name)) return unknownWord('strategy', name, known);
    return `"${name}" has no servers of its own, since sessions live in the apps. Those that have: ${known.join(', ')}.`;
  };
}
