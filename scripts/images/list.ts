/** The list of images as people and programs read it. */
import type { UsedImage } from '../../infra/runtimes/index.ts';

export interface ListedImage {
  readonly image: string;
  readonly usedBy: string;
  readonly status: 'here' | 'stand-in' | 'missing';
  readonly id: string | null;
  readonly digest: string | null;
  readonly pinned: string | null;
  /** In units of 1,000,000 bytes. */
  readonly megabytes: number | null;
}

export const asData = ({ kind, image, here, pinned }: UsedImage): ListedImage => ({
  image,
  usedBy: kind,
  status: here ? (here.standIn ? 'stand-in' : 'here') : 'missing',
  id: here?.id ?? null,
  digest: here?.digest ?? null,
  pinned,
  megabytes: here ? Math.round(here.bytes / 1e6) : null,
});

export function asLine({ image, usedBy, status, digest, pinned, megabytes }: ListedImage): string {
  const pin = pinned ? (pinned === digest ? 'as pinned' : `pinned to ${pinned.slice(0, 19)}`) : '';
  const what = {
    here: digest?.slice(0, 19) ?? 'made here',
    'stand-in': 'STAND-IN of Debian packages',
    missing: 'not here',
  };
  const size = megabytes === null ? '' : `${megabytes} MB`;
  return `${image.padEnd(18)} ${usedBy.padEnd(10)} ${what[status].padEnd(28)} ${size.padStart(7)}  ${pin}`.trimEnd();
}
