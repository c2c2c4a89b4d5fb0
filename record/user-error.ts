/**
 * - `invalid`: what was asked cannot be judged, for want of sound data
 * - `unavailable`: this machine lacks what the command needs
 * - `unwritable`: results could not be written
 */
export type UserErrorKind = 'invalid' | 'unavailable' | 'unwritable';

/**
 * Something that ends a command and is no fault of session-bench. The message says what happened, why, and what to do:
 * it is shown as it is, without a stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly kind: UserErrorKind;

  constructor(kind: UserErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

export const isUnwritable = (error: unknown): error is UserError =>
  error instanceof UserError && error.kind === 'unwritable';
