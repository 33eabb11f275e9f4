import type { FastifyRequest } from 'fastify';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Access, Audience, Caller } from '../rendezvous/access.ts';
import { requireMaySee } from './require-may-see.ts';

/** What has to be known of recordings. */
export interface JudgedRecordings {
  audienceOf(recordingId: string): Audience | undefined;
  library: { requireKept(recordingId: string): { roomId: string } };
  live: { watchable(recordingId: string): unknown };
}

export interface ReplayAccessOptions {
  recordings: JudgedRecordings;
  access: Access;
  /** Whether a room that runs was not shown to its audience yet. */
  isBackstage(roomId: string): boolean;
}

/** Who asks, as far as it matters here; `undefined` without a session. */
export type ReplayCaller = Pick<Caller, 'userId' | 'guest'> | undefined;

/** A recording that somebody may watch. */
export interface Watched {
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

  /** See {@link judge}; answers who asked as well. */
  async require(
    request: FastifyRequest,
    recordingId: string,
  ): Promise<Watched & { caller: Caller | undefined }> {
    const caller = await this.#options.access.caller(request);
    return { ...this.judge(recordingId)(caller), caller };
  }

  /**
   * What decides about one after the other, as of now. It throws unless they are among the
   * recording's audience, see {@link requireMaySee}; `recording-expired` for one that was deleted;
   * and `recording-not-live` while it is made of a room that its host has not promoted.
   */
  judge(recordingId: string): (caller: ReplayCaller) => Watched {
    const { recordings, isBackstage } = this.#options;
    const audience = recordings.audienceOf(recordingId);
    return (caller) => {
      requireMaySee(audience, caller);
      const { roomId } = recordings.library.requireKept(recordingId);
      const isHost = caller?.userId === audience.hostUserId;
      if (!isHost && recordings.live.watchable(recordingId) && isBackstage(roomId)) throw notLive();
      const isForAll = audience.visibility === 'public' && !audience.insiderUserIds;
      return { roomId, cacheScope: isForAll ? 'public' : 'private' };
    };
  }
}

function notLive(): ProtocolError {
  return new ProtocolError(
    'recording-not-live',
    'The host has not gone live yet. What is recorded until then is shown with the replay.',
  );
}
