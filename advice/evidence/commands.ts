/** The commands that measure what is not known of strategies. */

const options = {
  load: '',
  capacity: '--capacity ',
  footprint: '--footprint ',
  survival: '--faults ',
} as const;

/** @param strategies at least one */
export const measuringCommand = (part: keyof typeof options, strategies: readonly string[]): string =>
  `npm run bench -- ${options[part]}${strategies.map((name) => `--strategy ${name}`).join(' ')}`;
