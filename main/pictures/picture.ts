/** The size pictures are made in; smaller ones are made of it. */
export const PICTURE_SIZE = { width: 1280, height: 720 } as const;

/** A picture of {@link PICTURE_SIZE}: three bytes (red, green, blue) for each pixel, row by row. */
export type RawPicture = Uint8Array;

export const RAW_PICTURE_BYTES = PICTURE_SIZE.width * PICTURE_SIZE.height * 3;

/** Fills 16:9 and cuts off what is beyond. */
export const FILL_FRAME = `scale=${PICTURE_SIZE.width}:${PICTURE_SIZE.height}:force_original_aspect_ratio=increase,crop=${PICTURE_SIZE.width}:${PICTURE_SIZE.height}`;
