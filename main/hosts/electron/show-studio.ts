import { app, BrowserWindow } from 'electron';
import type { Logger } from '../../diagnostics/logger.ts';
import type { Studio } from '../../studio.ts';
import type { SettingsStore } from '../host.ts';
import { linkAmong } from './deep-link.ts';
import type { LinkOpener } from './link-opener.ts';
import type { QuitGuard } from './quit-guard.ts';
import { focusWindow, openStudioWindow } from './studio-window.ts';

export interface StudioOnScreen {
  studio: Studio;
  links: LinkOpener;
  /** Show the window right away; else the next start, or a link, does. */
  open: boolean;
  quitting: QuitGuard;
  preload: string;
  icon: string;
  states: SettingsStore;
  logger: Logger;
}

/**
 * Opens the window, and again when macOS asks for one; follows the links that open the app; ends
 * the app with its last window, except on macOS, where apps stay.
 */
export function showStudio(onScreen: StudioOnScreen): void {
  const { studio, links, quitting, ...window } = onScreen;
  function open(route: string): void {
    quitting.watch(openStudioWindow({ ...window, route }));
  }
  function goTo(route: string): void {
    const [shown] = BrowserWindow.getAllWindows();
    if (!shown) {
      open(route);
      return;
    }
    studio.events.emit('studio.openPath', { path: route });
    focusWindow(shown);
  }

  const route = links.takeFirstRoute();
  if (onScreen.open || route !== '/') open(route);
  links.deliverTo(goTo);
  app.on('second-instance', (_event, args) => {
    const [shown] = BrowserWindow.getAllWindows();
    const link = linkAmong(args);
    if (shown) focusWindow(shown);
    else if (!link) open('/');
    if (link) links.open(link);
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open('/');
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
}
