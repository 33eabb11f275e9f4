import { onPath } from '../on-path.ts';
import { findChromium } from './find-chromium.ts';

/** How the studio's window comes on the screen. */
export type WindowPlan =
  /** A window of its own, which closes with the studio. */
  | { kind: 'app-window'; command: string; args: string[]; unsandboxed: boolean }
  /** A tab in the browser the person uses. */
  | { kind: 'browser-tab'; command: string; args: string[] }
  /** Nowhere: there is no display, or nothing that could show it. */
  | { kind: 'none'; reason: string };

/** What the plan depends on. */
export interface Desktop {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  isRoot: boolean;
}

/**
 * Chromium with a profile of its own where there is one, else the system's way to open an
 * address, else nothing.
 *
 * @param profileDir for Chromium: its own, so that it is a process of ours and quits with us.
 */
export function planWindow(desktop: Desktop, profileDir: string, url: string): WindowPlan {
  const { platform, env, isRoot } = desktop;
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    return { kind: 'none', reason: 'there is no display' };
  }
  const chromium = findChromium(platform, env);
  if (!chromium) {
    return systemOpener(desktop, url) ?? { kind: 'none', reason: 'no browser was found' };
  }
  // Chromium refuses to run as root with its sandbox.
  const unsandboxed = platform === 'linux' && isRoot;
  return {
    kind: 'app-window',
    command: chromium,
    args: [
      `--app=${url}`,
      `--user-data-dir=${profileDir}`,
      '--no-first-run',
      '--no-default-browser-check',
      // A room goes on behind other windows.
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
      ...(unsandboxed ? ['--no-sandbox'] : []),
    ],
    unsandboxed,
  };
}

/** The platform's own way to open an address or a folder. */
export function systemOpener(
  { platform, env }: Pick<Desktop, 'platform' | 'env'>,
  target: string,
): { kind: 'browser-tab'; command: string; args: string[] } | undefined {
  if (platform === 'darwin') return { kind: 'browser-tab', command: 'open', args: [target] };
  if (platform === 'win32') {
    return {
      kind: 'browser-tab',
      command: 'rundll32',
      args: ['url.dll,FileProtocolHandler', target],
    };
  }
  const command = onPath(['xdg-open'], env);
  return command ? { kind: 'browser-tab', command, args: [target] } : undefined;
}
