import { app, type Session, shell } from 'electron';
import type { Logger } from '../../diagnostics/logger.ts';
import { isOwnUrl, mayHavePermission, mayOpenOutside } from './own-origin.ts';

/** Answers what pages ask the system for: our own page gets what a room needs, nobody anything else. */
export function guardPermissions(session: Session, logger: Logger): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => {
    const allowed = mayHavePermission(permission, requestingUrl);
    if (!allowed) logger.warn({ permission, requestingUrl }, 'a permission was refused');
    answer(allowed);
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    mayHavePermission(permission, requestingOrigin),
  );
  session.setDevicePermissionHandler(() => false);
}

/**
 * Keeps every window on our own page: no other address, no window of a page's own, no embedded
 * view. A link to the web opens in the system's browser.
 */
export function guardNavigation(logger: Logger): void {
  app.on('web-contents-created', (_event, contents) => {
    const stayHome = (event: { preventDefault(): void; url: string }) => {
      if (isOwnUrl(event.url)) return;
      event.preventDefault();
      logger.warn({ url: event.url }, 'a navigation away from the studio was refused');
    };
    contents.on('will-frame-navigate', stayHome);
    contents.on('will-redirect', stayHome);
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      if (mayOpenOutside(url)) {
        shell
          .openExternal(url)
          .catch((err: unknown) => logger.warn({ err }, 'a link could not be opened'));
      } else {
        logger.warn({ url }, 'a window was refused');
      }
      return { action: 'deny' };
    });
  });
}
