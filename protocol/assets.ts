import { z } from 'zod';

export const AssetId = z.string().regex(/^ast_[A-Za-z0-9_-]{10,32}$/, 'must be an assetId');

/** Widths a picture is had in, 16:9. */
export const PICTURE_WIDTHS = [1280, 640, 320] as const;
export type PictureWidth = (typeof PICTURE_WIDTHS)[number];

/** The largest file that is taken for a thumbnail. */
export const MAX_ASSET_BYTES = 8 * 1024 * 1024;

export const AssetResponse = z.object({ assetId: AssetId });

/** Where a picture is had, in one of its widths. */
export function assetPath(assetId: string, width: PictureWidth): string {
  return `/api/assets/${assetId}?width=${width}`;
}
