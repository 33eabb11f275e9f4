import type { IceServer } from '../../protocol/rooms.ts';

/** A server as the browser takes it. */
export function toRtcIceServer(server: IceServer): RTCIceServer {
  return {
    urls: server.urls,
    ...(server.username !== undefined && { username: server.username }),
    ...(server.credential !== undefined && { credential: server.credential }),
  };
}
