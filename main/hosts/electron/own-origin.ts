/** The scheme and origin of the app's own window. */
export const APP_SCHEME = 'studio';
export const APP_ORIGIN = 'studio://app';

/** What may be asked of a frame before a privileged message of its counts. */
export interface AskingFrame {
  /** `scheme://host` as Chromium sees it, not as the page's address claims. */
  origin: string;
  /** `null` for the main frame. */
  parent: unknown;
}

/** Whether a frame is the main frame of our own page. */
export function isOwnMainFrame(frame: AskingFrame | null): boolean {
  return frame !== null && frame.parent === null && frame.origin === APP_ORIGIN;
}

/** Whether an address belongs to our own page. */
export function isOwnUrl(url: string): boolean {
  return (
    URL.canParse(url) && new URL(url).protocol === `${APP_SCHEME}:` && new URL(url).host === 'app'
  );
}

const PERMISSIONS: ReadonlySet<string> = new Set([
  'media',
  'fullscreen',
  'notifications',
  'clipboard-sanitized-write',
]);

/** Camera and microphone, fullscreen, notifications, and copying a link; for our own page alone. */
export function mayHavePermission(permission: string, requestingUrl: string): boolean {
  return PERMISSIONS.has(permission) && isOwnUrl(requestingUrl);
}

/** Links that may leave for the system's browser: nothing that could start another program. */
export function mayOpenOutside(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}
