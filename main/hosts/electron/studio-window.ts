import { BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import type { Logger } from '../../diagnostics/logger.ts';
import type { SettingsStore } from '../host.ts';
import { APP_ORIGIN } from './own-origin.ts';
import { MIN_HEIGHT, MIN_WIDTH, openingState, type WindowState } from './window-state.ts';

/** Key of the window's state in its store. */
const STATE_KEY = 'main';

export interface StudioWindowOptions {
  preload: string;
  icon: string;
  /** Remembers the window's place; a file of its own, apart from the settings. */
  states: SettingsStore;
  /** A route to open with, e.g. `/join/room_…#invite=…`. */
  route: string;
  logger: Logger;
}

/** Opens the studio's window where it was last, on the route asked for. */
export function openStudioWindow(options: StudioWindowOptions): BrowserWindow {
  const { preload, icon, states, route, logger } = options;
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  const { maximized, ...bounds } = openingState(states.get(STATE_KEY), areas);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    title: 'Swarm Studio',
    icon,
    // The UI's canvas, so that nothing flashes before its first paint.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0c0f12' : '#f4f5f7',
    show: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      // A room and its recording go on behind other windows.
      backgroundThrottling: false,
    },
  });
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  window.on('close', () => states.set(STATE_KEY, stateOf(window)));
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    logger.error({ reason, exitCode }, 'the window crashed');
    void offerReload(window);
  });
  load(window, route, logger);
  return window;
}

/** Brings the window to the front, from wherever it is. */
export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function stateOf(window: BrowserWindow): WindowState {
  return { ...window.getNormalBounds(), maximized: window.isMaximized() };
}

function load(window: BrowserWindow, route: string, logger: Logger): void {
  window
    .loadURL(`${APP_ORIGIN}${route}`)
    .catch((err: unknown) => logger.error({ err }, 'the window could not load its page'));
}

async function offerReload(window: BrowserWindow): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The window crashed.',
    detail: 'A recording in progress was finished with everything up to the crash.',
    buttons: ['Open it again', 'Close'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0) window.reload();
  else window.destroy();
}
