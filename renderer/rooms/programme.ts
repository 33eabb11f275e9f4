import type { ProgrammeSource } from '../media/programme-sources.ts';
import type { StreamingState } from './streaming.ts';

/** Everybody who is to be seen and heard in the recording: oneself first, then by arrival. */
export function programmeOf(state: StreamingState): ProgrammeSource[] {
  const self = state.self;
  return Object.values(state.participants)
    .filter(({ role }) => role !== 'listener')
    .sort((a, b) => {
      if (a.peerId === self?.peerId) return -1;
      if (b.peerId === self?.peerId) return 1;
      return a.joinedAt.localeCompare(b.joinedAt) || a.peerId.localeCompare(b.peerId);
    })
    .map(({ peerId, displayName, muted }) => {
      const local = peerId === self?.peerId;
      const stream = local ? self?.stream : state.links[peerId]?.stream;
      const audio = stream?.getAudioTracks()[0];
      const video = stream?.getVideoTracks()[0];
      return {
        peerId,
        name: displayName,
        local,
        audioMuted: muted.audio,
        videoMuted: muted.video,
        ...(audio && { audio }),
        ...(video && { video }),
      };
    });
}
