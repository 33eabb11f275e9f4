import { PICTURE_SIZE, type RawPicture } from './picture.ts';

/** Every so many pixels one is looked at. */
const STEP = 2;

/**
 * How sharp a picture is: the variance of its Laplacian (Pech-Pacheco and others, "Diatom
 * autofocusing in brightfield microscopy", 2000). 0 for one colour all over.
 */
export function sharpnessOf(picture: RawPicture): number {
  const { width, height } = PICTURE_SIZE;
  const luma = new Float32Array(width * height);
  for (let pixel = 0; pixel < luma.length; pixel += 1) {
    const at = pixel * 3;
    luma[pixel] =
      0.299 * (picture[at] ?? 0) + 0.587 * (picture[at + 1] ?? 0) + 0.114 * (picture[at + 2] ?? 0);
  }
  let sum = 0;
  let squares = 0;
  let count = 0;
  const at = (x: number, y: number) => luma[y * width + x] ?? 0;
  for (let y = 1; y < height - 1; y += STEP) {
    for (let x = 1; x < width - 1; x += STEP) {
      const edge = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4 * at(x, y);
      sum += edge;
      squares += edge * edge;
      count += 1;
    }
  }
  return squares / count - (sum / count) ** 2;
}

/** The sharpest of some pictures, the earliest of those alike; `undefined` of none. */
export function sharpestOf(pictures: readonly RawPicture[]): RawPicture | undefined {
  let best: { picture: RawPicture; sharpness: number } | undefined;
  for (const picture of pictures) {
    const sharpness = sharpnessOf(picture);
    if (!best || sharpness > best.sharpness) best = { picture, sharpness };
  }
  return best?.picture;
}
