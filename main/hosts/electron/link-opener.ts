import { resolve } from 'node:path';
import { app, dialog } from 'electron';
import { LINK_SCHEME } from '../../../protocol/page-link.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import { linkAmong, NOT_OUR_LINK, routeOfLink } from './deep-link.ts';

/** Makes the system open our links with this app. */
export function registerLinks(logger: Logger): void {
  const entry = process.argv[1];
  // Run from a checkout, the program is Electron itself and the app its first argument.
  const registered =
    process.defaultApp && entry
      ? app.setAsDefaultProtocolClient(LINK_SCHEME, process.execPath, [resolve(entry)])
      : app.setAsDefaultProtocolClient(LINK_SCHEME);
  if (!registered) logger.info('the system did not let this app open swarmstudio: links');
}

/** Collects the links that open the app, from the command line, a second start, or macOS. */
export class LinkOpener {
  #onRoute: ((route: string) => void) | undefined;
  #waiting: string | undefined;

  /** Only before the app is ready: macOS tells of the link it was started with early. */
  constructor(args: readonly string[]) {
    this.#waiting = linkAmong(args);
    app.on('open-url', (event, link) => {
      event.preventDefault();
      this.open(link);
    });
  }

  /** The route the app was started with, `/` without one. Refuses what is not a link of ours. */
  takeFirstRoute(): string {
    const link = this.#waiting;
    this.#waiting = undefined;
    return (link && this.#routeOf(link)) || '/';
  }

  /** Where routes go from here on. */
  deliverTo(onRoute: (route: string) => void): void {
    this.#onRoute = onRoute;
  }

  open(link: string): void {
    if (!this.#onRoute) {
      this.#waiting = link;
      return;
    }
    const route = this.#routeOf(link);
    if (route) this.#onRoute(route);
  }

  #routeOf(link: string): string | undefined {
    const route = routeOfLink(link);
    if (route) return route;
    void dialog.showMessageBox({ type: 'warning', message: NOT_OUR_LINK, buttons: ['OK'] });
    return undefined;
  }
}
