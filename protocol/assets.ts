import { z } from 'zod';

export const AssetId = z.string().regex(/^ast_[A-Za-z0-9_-]{10,32}$/, 'must be an assetId');

/** The largest file that is taken for a thumbnail. */
export const MAX_ASSET_BYTES = 8 * 1024 * 1024;

export const AssetResponse = z.object({ assetId: AssetId });

/** Where a picture is had, in one of its widths. */
export function assetPath(assetId: string, width: 1280 | 640 | 320): string {
  return `/api/assets/${assetId}?width=${width}`;
}
