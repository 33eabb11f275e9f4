import type { FastifyRequest } from 'fastify';
import { ProtocolError } from '../../protocol/errors.ts';
import type { RecordingService } from '../recording/recording-service.ts';
import type { Access, Caller } from '../rendezvous/access.ts';
import { requireMaySee } from './require-may-see.ts';

export interface ReplayAccessOptions {
  recordings: RecordingService;
  access: Access;
  /** Whether a room that runs was not shown to its audience yet. */
  isBackstage(roomId: string): boolean;
}

/** Somebody who may watch a recording. */
export interface Viewer {
  caller: Caller | undefined;
  roomId: string;
  /** What caches between the node and the viewer may keep. */
  cacheScope: 'public' | 'private';
}

/** Who may have the files of a recording. */
export class ReplayAccess {
  readonly #options: ReplayAccessOptions;

  constructor(options: ReplayAccessOptions) {
    this.#options = options;
  }

  /**
   * Throws unless the caller is among the recording's audience, see {@link requireMaySee}; and
   * `recording-not-live` while it is made of a room that its host has not promoted.
   */
  async require(request: FastifyRequest, recordingId: string): Promise<Viewer> {
    const { recordings, access, isBackstage } = this.#options;
    const audience = recordings.audienceOf(recordingId);
    const caller = await access.caller(request);
    requireMaySee(audience, caller);
    const { roomId } = recordings.library.require(recordingId);
    const isHost = caller !== undefined && caller.userId === audience?.hostUserId;
    if (!isHost && recordings.live.watchable(recordingId) && isBackstage(roomId)) {
      throw new ProtocolError(
        'recording-not-live',
        'The host has not gone live yet. What is recorded until then is shown with the replay.',
      );
    }
    return { caller, roomId, cacheScope: audience?.visibility === 'public' ? 'public' : 'private' };
  }
}
