/** The size pictures are made in; smaller ones are made of it. */
export const PICTURE_SIZE = { width: 1280, height: 720 } as const;

/** A picture of {@link PICTURE_SIZE}: three bytes (red, green, blue) for each pixel, row by row. */
export type RawPicture = Uint8Array;

export const RAW_PICTURE_BYTES = PICTURE_SIZE.width * PICTURE_SIZE.height * 3;

/** Fills so much and cuts off what is beyond. @param size in pixels */
export function fillFrame({ width, height }: { width: number; height: number }): string {
  return `scale=${width}:${height}:force_original_aspect_ratio=increase,crop=${width}:${height}`;
}

/** {@link fillFrame} of {@link PICTURE_SIZE}. */
export const FILL_FRAME = fillFrame(PICTURE_SIZE);
