import type { PictureFormat } from './compositor-messages.ts';
import type { TileSpec } from './programme-sources.ts';
import { coverCrop, ellipsize, type Rect, tileLayout } from './tile-layout.ts';

const GAP_PX = 12;
const RADIUS_PX = 14;
const SYSTEM_FONT = 'system-ui, sans-serif';
const COLOURS = {
  background: '#0c0d12',
  tile: '#1b1d27',
  avatar: '#3a3f5c',
  initials: '#f2f3f8',
  name: '#ffffff',
  plate: 'rgba(8, 9, 14, 0.62)',
} as const;

/** A tile with all that need not be worked out for each frame. */
interface PlacedTile {
  spec: TileSpec;
  rect: Rect;
  outline: Path2D;
  label: string;
  plateWidth: number;
}

/** Paints the grid: pictures cropped to their tiles, initials where there is none, names. */
export class TilePainter {
  readonly #format: PictureFormat;
  readonly #context: OffscreenCanvasRenderingContext2D;
  #tiles: PlacedTile[] = [];
  #font = SYSTEM_FONT;

  constructor(canvas: OffscreenCanvas, format: PictureFormat) {
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('This browser has no 2D drawing off the main thread.');
    this.#context = context;
    this.#format = format;
  }

  setTiles(specs: readonly TileSpec[]): void {
    const { width, height } = this.#format;
    const layout = tileLayout(specs.length, width, height, GAP_PX);
    this.#tiles = specs.flatMap((spec, index) => {
      const rect = layout[index];
      return rect ? [this.#place(spec, rect)] : [];
    });
  }

  /**
   * Writes in a font of the worker's from now on.
   *
   * @param family one that has come: an OffscreenCanvas that was told of it before goes on with
   *   what it fell back to.
   */
  setFont(family: string): void {
    this.#font = `'${family}', ${SYSTEM_FONT}`;
    this.setTiles(this.#tiles.map(({ spec }) => spec));
  }

  /** @param pictureOf the newest frame of a tile, if there is one. */
  paint(pictureOf: (id: string) => VideoFrame | undefined): void {
    const context = this.#context;
    context.fillStyle = COLOURS.background;
    context.fillRect(0, 0, this.#format.width, this.#format.height);
    for (const tile of this.#tiles) {
      const picture = tile.spec.showVideo ? pictureOf(tile.spec.id) : undefined;
      context.save();
      context.clip(tile.outline);
      if (picture) this.#paintPicture(picture, tile.rect);
      else this.#paintInitials(tile);
      this.#paintName(tile);
      context.restore();
    }
  }

  #place(spec: TileSpec, rect: Rect): PlacedTile {
    const outline = new Path2D();
    outline.roundRect(rect.x, rect.y, rect.width, rect.height, RADIUS_PX);
    const context = this.#context;
    context.font = this.#nameFont(rect);
    const margin = nameSize(rect);
    const label = ellipsize(
      spec.name,
      rect.width - 3 * margin,
      (text) => context.measureText(text).width,
    );
    return { spec, rect, outline, label, plateWidth: context.measureText(label).width + margin };
  }

  #paintPicture(picture: VideoFrame, rect: Rect): void {
    const size = { width: picture.displayWidth, height: picture.displayHeight };
    const crop = coverCrop(size, rect);
    this.#context.drawImage(
      picture,
      crop.x,
      crop.y,
      crop.width,
      crop.height,
      rect.x,
      rect.y,
      rect.width,
      rect.height,
    );
  }

  #paintInitials({ spec, rect }: PlacedTile): void {
    const context = this.#context;
    const centreX = rect.x + rect.width / 2;
    const centreY = rect.y + rect.height / 2;
    const radius = rect.height * 0.22;
    context.fillStyle = COLOURS.tile;
    context.fillRect(rect.x, rect.y, rect.width, rect.height);
    context.fillStyle = COLOURS.avatar;
    context.beginPath();
    context.arc(centreX, centreY, radius, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = COLOURS.initials;
    context.font = `600 ${Math.round(radius * 0.8)}px ${this.#font}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(spec.initials, centreX, centreY + radius * 0.06);
  }

  #paintName({ rect, label, plateWidth }: PlacedTile): void {
    const context = this.#context;
    const size = nameSize(rect);
    const height = size * 1.7;
    const x = rect.x + size * 0.6;
    const y = rect.y + rect.height - height - size * 0.6;
    context.fillStyle = COLOURS.plate;
    context.beginPath();
    context.roundRect(x, y, plateWidth, height, size * 0.4);
    context.fill();
    context.fillStyle = COLOURS.name;
    context.font = this.#nameFont(rect);
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.fillText(label, x + size / 2, y + height / 2);
  }

  #nameFont(rect: Rect): string {
    return `500 ${nameSize(rect)}px ${this.#font}`;
  }
}

/** In pixels; small tiles get small names that can still be read at 720p. */
function nameSize(rect: Rect): number {
  return Math.max(13, Math.min(26, Math.round(rect.height / 18)));
}
