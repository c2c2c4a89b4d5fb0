/** The commands that measure what is not known of strategies. */

const options = {
  load: '',
  capacity: '--capacity',
  footprint: '--footprint',
  survival: '--faults',
} as const;

/** @param strategies at least one */
export const measuringCommand = (part: keyof typeof options, strategies: readonly string[]): string =>
  benchCommand(options[part], strategies);

/** @param option with its value */
export const commandFor = (strategy: string, option: string): string => benchCommand(option, [strategy]);

const benchCommand = (option: string, strategies: readonly string[]): string =>
  ['npm run bench --', option, ...strategies.map((name) => `--strategy ${name}`)]
    .filter((part) => part !== '')
    .join(' ');
