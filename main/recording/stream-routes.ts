import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ProtocolError } from '../../protocol/errors.ts';
import { RecordingId, RecordingStatus, UpdateRecordingRequest } from '../../protocol/recordings.ts';
import { RoomId } from '../../protocol/rooms.ts';
import type { Access } from '../rendezvous/access.ts';
import { requireMaySee } from '../replay/require-may-see.ts';
import type { RecordingService } from './recording-service.ts';

export interface StreamRoutesOptions {
  recordings: RecordingService;
  access: Access;
  /** The `userId` of a room's host while the room is known; afterwards its recording knows. */
  hostOf(roomId: string): string | undefined;
  /** Origins of nodes that have a copy of a recording. */
  copiesOf?: (recordingId: string) => readonly string[];
}

/** `/api/streams/{roomId}/recording`: its state, how long it is kept, its deletion. */
export function streamRoutes(options: StreamRoutesOptions): FastifyPluginAsync {
  const { recordings, access, hostOf } = options;
  const params = z.object({ roomId: RoomId });
  /** Which of the room's recordings. */
  const querystring = z.object({ recordingId: RecordingId.optional() });

  const statusOf = (roomId: string, recordingId?: string): RecordingStatus => {
    const status = recordings.statusOfRoom(roomId, recordingId);
    if (status) return status;
    throw new ProtocolError(
      'recording-not-found',
      recordingId === undefined
        ? 'This room was not recorded.'
        : 'There is no such recording of this room.',
    );
  };

  const requireHost = async (request: FastifyRequest, roomId: string) => {
    const caller = await access.requireCaller(request, 'stream:create');
    const { recordingId } = statusOf(roomId);
    const host = hostOf(roomId) ?? recordings.audienceOf(recordingId)?.hostUserId;
    if (caller.userId !== host) {
      throw new ProtocolError('forbidden', 'Only the host of the room decides over its recording.');
    }
  };

  return async (fastify) => {
    const app = fastify.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/api/streams/:roomId/recording',
      {
        schema: {
          summary: "The state of a room's recording, the latest unless another is named",
          tags: ['recordings'],
          params,
          querystring,
          response: { 200: RecordingStatus },
        },
      },
      async (request, reply) => {
        const status = statusOf(request.params.roomId, request.query.recordingId);
        requireMaySee(recordings.audienceOf(status.recordingId), await access.caller(request));
        reply.header('cache-control', 'no-store');
        const replicas = options.copiesOf?.(status.recordingId) ?? [];
        return { ...status, ...(replicas.length > 0 && { replicas: [...replicas] }) };
      },
    );

    app.patch(
      '/api/streams/:roomId/recording',
      {
        schema: {
          summary:
            "Changes how long a room's recording is kept, the latest unless another is named (host)",
          tags: ['recordings'],
          params,
          querystring,
          body: UpdateRecordingRequest,
          response: { 200: RecordingStatus },
        },
      },
      async (request) => {
        await requireHost(request, request.params.roomId);
        const { params, query, body } = request;
        return recordings.update(params.roomId, body, query.recordingId);
      },
    );

    app.delete(
      '/api/streams/:roomId/recording',
      {
        schema: {
          summary: "Deletes a room's recordings now, all unless one is named (host)",
          tags: ['recordings'],
          params,
          querystring,
          response: { 204: z.void() },
        },
      },
      async (request, reply) => {
        await requireHost(request, request.params.roomId);
        await recordings.remove(request.params.roomId, request.query.recordingId);
        return reply.status(204).send();
      },
    );
  };
}
