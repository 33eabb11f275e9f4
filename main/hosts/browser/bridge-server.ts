import type { FastifyInstance } from 'fastify';
import { windowLost } from '../../bridge/window-lost.ts';
import { RETURN_GRACE_MS, WindowPresence } from '../../bridge/window-presence.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import type { Studio } from '../../studio.ts';
import { LaunchSecret } from './launch-secret.ts';
import { buildStudioOrigin } from './studio-origin.ts';
import type { WindowReturn } from './window-return.ts';

/** What the server needs of the studio behind it. */
export type ServedStudio = Pick<Studio, 'api' | 'events' | 'nodeUrls' | 'windowGone'>;

export interface BridgeServerOptions {
  /** The built UI. */
  uiDir: string;
  /**
   * Taken when it is free (browsers tie camera permission to the origin); 0 or a taken one means
   * any.
   */
  preferredPort: number;
  /** Windows of a start that crashed. */
  returns: WindowReturn;
  logger: Logger;
}

export interface BridgeServer {
  /** The origin of the studio's own window, e.g. `http://127.0.0.1:40001`. */
  origin: string;
  port: number;
  /** The window's address with the launch secret, for the person who started the studio. */
  studioUrl: string;
  /** The same for a command line: works once, soon. */
  newOpeningUrl(): string;
  /** From here on the window has a studio; before, it is asked to wait. */
  attach(studio: ServedStudio): void;
  /** Tells the windows that the studio stops, and closes. */
  close(): Promise<void>;
}

/**
 * Serves the studio's own window on 127.0.0.1: the UI, and the bridge behind the launch secret.
 * It has an origin of its own, apart from the rendezvous that guests reach. Throws `ui-missing`.
 */
export async function startBridgeServer({
  uiDir,
  preferredPort,
  returns,
  logger,
}: BridgeServerOptions): Promise<BridgeServer> {
  const secret = new LaunchSecret();
  let origin = '';
  let studio: ServedStudio | undefined;
  const windows = new WindowPresence(RETURN_GRACE_MS, () => {
    if (studio) void windowLost(studio, logger);
  });
  const build = () =>
    buildStudioOrigin({
      uiDir,
      origin: () => origin,
      studio: () => studio,
      secret,
      windows,
      returns,
      logger,
    });

  const app = await listen(build, preferredPort);
  origin = app.listeningOrigin;
  return {
    origin,
    port: Number(new URL(origin).port),
    studioUrl: `${origin}/#secret=${secret.value}`,
    newOpeningUrl: () => `${origin}/open/${secret.newOpening()}`,
    attach(attached) {
      studio = attached;
    },
    async close() {
      windows.dispose();
      await app.close();
    },
  };
}

/** A Fastify that failed to listen can't listen again, hence one for each try. */
async function listen(
  build: () => Promise<FastifyInstance>,
  port: number,
): Promise<FastifyInstance> {
  const app = await build();
  try {
    await app.listen({ host: '127.0.0.1', port });
    return app;
  } catch (error) {
    await app.close();
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (port === 0 || !taken) throw error;
    return listen(build, 0);
  }
}
