import { describe, expect, it } from 'vitest';
import { chooseLayer, SIMULCAST } from '../../../../renderer/rooms/relay/layers.ts';
import { ShownSizes } from '../../../../renderer/rooms/relay/shown-sizes.ts';

describe('the layer of a camera that is wanted', () => {
  it.each([
    { shownPx: 120, cameraLines: 720, spatialLayer: 0 },
    { shownPx: 225, cameraLines: 720, spatialLayer: 0 },
    { shownPx: 226, cameraLines: 720, spatialLayer: 1 },
    { shownPx: 450, cameraLines: 720, spatialLayer: 1 },
    { shownPx: 451, cameraLines: 720, spatialLayer: 2 },
    { shownPx: 2160, cameraLines: 720, spatialLayer: 2 },
    { shownPx: 225, cameraLines: 360, spatialLayer: 1 },
    { shownPx: 226, cameraLines: 360, spatialLayer: 2 },
    { shownPx: Number.POSITIVE_INFINITY, cameraLines: 360, spatialLayer: 2 },
  ])('of $cameraLines lines, $shownPx px high, is $spatialLayer', (its) => {
    const choice = chooseLayer(its.shownPx, its.cameraLines);
    expect(choice).toEqual({ paused: false, spatialLayer: its.spatialLayer });
  });

  it('is none where the picture is not shown', () => {
    expect(chooseLayer(0, 720).paused).toBe(true);
  });

  it('is one of those that are sent', () => {
    expect(SIMULCAST.map(({ scaleResolutionDownBy }) => scaleResolutionDownBy)).toEqual([4, 2, 1]);
  });
});

describe('how large a picture is shown', () => {
  it('is what its largest place says, until that is gone', () => {
    const sizes = new ShownSizes();
    expect(sizes.heightOf('ada')).toBe(0);
    sizes.set('ada', 'stage', 500);
    sizes.set('ada', 'tray', 90);
    sizes.set('bob', 'tray', 91);
    expect(sizes.heightOf('ada')).toBe(500);
    sizes.set('ada', 'stage', 0);
    expect(sizes.heightOf('ada')).toBe(90);
    sizes.set('ada', 'tray', 0);
    expect(sizes.heightOf('ada')).toBe(0);
    expect(sizes.heightOf('bob')).toBe(91);
  });
});
