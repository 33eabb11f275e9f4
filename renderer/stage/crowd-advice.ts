import type { StreamingState } from '../rooms/streaming.ts';
import { MESH_CAMERAS } from '../rooms/video-limit.ts';

/** Too many cameras for a mesh, as the person in front of the screen should read it. */
export interface CrowdAdvice {
  title: string;
  /** Why, and what helps. */
  words: string;
  /** Their own camera is one of them. */
  ownCamera: boolean;
}

/**
 * What to say about the number of cameras: to the host, and to whoever sends one. `undefined` while
 * the room carries them.
 */
export function crowdAdvice({
  participants,
  self,
  room,
}: Pick<StreamingState, 'participants' | 'self' | 'room'>): CrowdAdvice | undefined {
  // A relay carries more.
  if (!self || room?.topology === 'relay') return undefined;
  const cameras = Object.values(participants).filter(
    ({ peerId, muted }) => !(peerId === self.peerId ? self.muted : muted).video,
  ).length;
  const ownCamera = !self.muted.video;
  if (cameras <= MESH_CAMERAS || !(ownCamera || self.role === 'host')) return undefined;
  const why = `Everybody here sends their picture to everybody else. Past ${MESH_CAMERAS}, connections and computers fall behind, and sound suffers too.`;
  return {
    title: `${cameras} cameras are on`,
    words: ownCamera
      ? `${why} With your camera off you are still heard, and still see the others.`
      : `${why} Ask people who are only listening to turn theirs off.`,
    ownCamera,
  };
}
