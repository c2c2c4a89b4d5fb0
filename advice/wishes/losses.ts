/** What may be lost when something fails, and what can fail. */

/** From nothing to everything; `second`: the last moment of writes, `node`: the sessions of one server. */
export const losses = ['none', 'second', 'node', 'all'] as const;
export type Loss = (typeof losses)[number];

/**
 * `app-restart`, `store-restart`: a process ends, however, and is started again on the same machine; `power-cut`: the
 * store's machine does, and its disk comes back; `zone`: a zone, with all that is in it, does not come back.
 */
export const events = ['app-restart', 'store-restart', 'power-cut', 'zone'] as const;
export type FailureEvent = (typeof events)[number];

export const isWithin = (lost: Loss, allowed: Loss): boolean =>
  losses.indexOf(lost) <= losses.indexOf(allowed);

/** As a person types it. */
export const lossTyped = {
  none: 'none',
  second: '1s',
  node: 'node',
  all: 'all',
} as const satisfies Record<Loss, string>;

export const lossWords: Readonly<Record<Loss, string>> = {
  none: 'nothing',
  second: 'the last second or so',
  node: 'the sessions of one server',
  all: 'all sessions',
};

export const eventWords: Readonly<Record<FailureEvent, string>> = {
  'app-restart': 'a restart of an app',
  'store-restart': 'a restart of the store',
  'power-cut': "a power cut of the store's machine",
  zone: 'the loss of a zone',
};
