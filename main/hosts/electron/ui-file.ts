import { extname, join, sep } from 'node:path';

/**
 * The file behind a path of the app's own page: an asset by its name, the page itself for every
 * route. `undefined` for a path that leads out of the UI's folder or can't be decoded.
 */
export function uiFile(uiDir: string, urlPath: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(urlPath);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
  if (path.includes('\0')) return undefined;
  const file = join(uiDir, path);
  if (!file.startsWith(uiDir + sep)) return undefined;
  return extname(file) ? file : join(uiDir, 'index.html');
}
