import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { onTestFinished } from 'vitest';
import {
  type DownloadRoutesOptions,
  downloadRoutes,
} from '../../../main/downloads/download-routes.ts';
import { chatRoutes } from '../../../main/recording/chat/chat-routes.ts';
import type { KeptChatStore } from '../../../main/recording/chat/kept-chat.ts';
import type { RecordingService } from '../../../main/recording/recording-service.ts';
import { streamRoutes } from '../../../main/recording/stream-routes.ts';
import type { Access, Caller } from '../../../main/rendezvous/access.ts';
import { liveRoutes } from '../../../main/replay/live-routes.ts';
import { LiveViewers } from '../../../main/replay/live-viewers.ts';
import { ReplayAccess } from '../../../main/replay/replay-access.ts';
import { replayRoutes } from '../../../main/replay/replay-routes.ts';
import { storyboardRoutes } from '../../../main/storyboards/storyboard-routes.ts';
import type { StoryboardStore } from '../../../main/storyboards/storyboard-store.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { Scope } from '../../../protocol/identity.ts';

/** Takes the bearer token for the caller's userId; one that starts with `guest:` is a guest's. */
const access: Access = {
  async caller(request) {
    const token = request.headers.authorization?.replace(/^Bearer /, '');
    return token === undefined ? undefined : callerOf(token);
  },
  async requireCaller(request, scope) {
    const caller = await access.caller(request);
    if (!caller) throw new ProtocolError('auth-required', 'Sign in first.');
    if (scope && !caller.scopes.includes(scope)) {
      throw new ProtocolError('forbidden', 'Your session does not allow this.');
    }
    return caller;
  },
};

function callerOf(token: string): Caller {
  const guest = token.startsWith('guest:');
  return {
    userId: token.replace('guest:', ''),
    ...{ publicKey: '', handle: 'somebody', displayName: 'Somebody' },
    scopes: guest ? ['stream:join'] : Scope.options,
    guest,
  };
}

/** A node with the recording and replay routes alone; answers its address. */
export async function serveReplays(
  recordings: RecordingService,
  {
    viewers = new LiveViewers(Date.now),
    isBackstage = () => false,
    chat,
    storyboards,
    downloads,
  }: {
    viewers?: LiveViewers;
    isBackstage?: (roomId: string) => boolean;
    chat?: KeptChatStore;
    storyboards?: StoryboardStore;
    downloads?: Omit<DownloadRoutesOptions, 'recordings' | 'replayAccess'>;
  } = {},
): Promise<string> {
  const app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof ProtocolError) {
      return reply.status(error.status).send(error.toProblem());
    }
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    return reply.status(status).send({ code: status === 400 ? 'validation-failed' : 'internal' });
  });
  await app.register(streamRoutes({ recordings, access, hostOf: () => undefined }));
  const replayAccess = new ReplayAccess({ recordings, access, isBackstage });
  await app.register(replayRoutes({ recordings, replayAccess }));
  await app.register(liveRoutes({ recordings, replayAccess, viewers }));
  if (chat) await app.register(chatRoutes({ chat, recordings, replayAccess, access }));
  if (storyboards) await app.register(storyboardRoutes({ store: storyboards, replayAccess }));
  if (downloads) await app.register(downloadRoutes({ ...downloads, recordings, replayAccess }));
  onTestFinished(() => app.close());
  return app.listen({ host: '127.0.0.1', port: 0 });
}

/** Asks as somebody, or as nobody. */
export async function ask(
  url: string,
  as: string | undefined,
  init: RequestInit & { headers?: Record<string, string> } = {},
): Promise<Response> {
  const headers = { ...(as && { authorization: `Bearer ${as}` }), ...init.headers };
  return fetch(url, { ...init, headers });
}
