import inter from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url';

/**
 * Gives a worker, which has none of the page's fonts, the one the window is set in. Resolves with
 * its family; rejects when it can't be had.
 */
export async function loadProgrammeFont(fonts: FontFaceSet): Promise<string> {
  const family = 'Inter Variable';
  const face = new FontFace(family, `url(${inter}) format('woff2')`, {
    weight: '100 900',
  });
  fonts.add(await face.load());
  return family;
}
