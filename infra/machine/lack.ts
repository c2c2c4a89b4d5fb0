/** Why something cannot run here, and the command or step that mends it. */
export interface Lack {
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}
