import { MAX_ASSET_BYTES } from '../../protocol/assets.ts';

/** Kinds of files a node takes for a picture. */
export const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const;

/** Why a node would not take this file for a picture; `undefined` where it may. */
export function pictureFileProblem({
  type,
  size,
}: Pick<File, 'type' | 'size'>): string | undefined {
  if (!PICTURE_TYPES.some((known) => known === type)) {
    return 'This is no picture that can be used. Choose a PNG, JPEG or WebP.';
  }
  if (size > MAX_ASSET_BYTES) {
    return `The picture is larger than ${MAX_ASSET_BYTES / 1024 / 1024} MB. Choose a smaller one.`;
  }
  return undefined;
}
