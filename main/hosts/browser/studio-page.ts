import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BRIDGE_META, BRIDGE_PATH } from '../../../preload/wire.ts';
import { LaunchProblem } from '../launch-problem.ts';

/**
 * The UI's page with the mark that tells it that it has a bridge; guests get the same page
 * without. Throws `ui-missing` when the UI has not been built.
 */
export function studioPage(uiDir: string): string {
  const path = join(uiDir, 'index.html');
  let html: string;
  try {
    html = readFileSync(path, 'utf8');
  } catch (error) {
    throw new LaunchProblem(
      'ui-missing',
      `The window's files are missing (${path}). Build them with "npm run build", then start again.`,
      { cause: error },
    );
  }
  return withBridgeMark(html);
}

/** Throws when the page has no `<head>`. */
export function withBridgeMark(html: string): string {
  const marked = html.replace(
    /<head[^>]*>/i,
    (head) => `${head}<meta name="${BRIDGE_META}" content="${BRIDGE_PATH}">`,
  );
  if (marked === html) throw new Error('index.html has no <head> for the bridge mark');
  return marked;
}
