/** How clients of a store's servers trust them. */
import type { Endpoint } from './store.ts';

/** Options of `tls.connect`. */
export interface Trust {
  /** PEM. */
  readonly ca: string;
  checkServerIdentity(): undefined;
}

/**
 * Trusts this certificate alone. Whom it names is not looked at: nobody but the server has its key, and it is reached by names
 * that differ from runtime to runtime.
 * @returns null where the server is spoken to in clear
 */
export const trustIn = ({ certificate }: Pick<Endpoint, 'certificate'>): Trust | null =>
  certificate === undefined ? null : { ca: certificate, checkServerIdentity: () => undefined };
