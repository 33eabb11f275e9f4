import type { Page } from 'playwright';
import { openStudio, ready } from '../../support/people.ts';

const visited = new Set<string>();

/** Opens a studio's window, with a profile at the first visit. */
export async function openBenchHost(page: Page, studioUrl: string): Promise<void> {
  if (visited.has(studioUrl)) {
    await page.goto(studioUrl);
    await ready(page);
    return;
  }
  visited.add(studioUrl);
  await openStudio(page, studioUrl, { handle: 'bench', displayName: 'Bench Host' });
}
