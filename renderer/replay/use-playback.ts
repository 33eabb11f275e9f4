import { type RefObject, useEffect, useState } from 'react';
import { fromBase64Url } from '../../protocol/encoding.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { GrantResponse } from '../../protocol/replicas.ts';
import { useStudio } from '../app/studio-context.ts';
import type { Bridge } from '../bridge/bridge.ts';
import type { NodeFiles } from './node-files.ts';
import { Playback, type PlaybackSource } from './playback.ts';

/** A sealed key is some bytes. */
const GRANT_WITHIN_MS = 15_000;

const PLAYER_MISSING = 'The player could not be loaded. Check the connection and try again.';

/**
 * Plays a recording in a video element; hls.js is loaded when first needed. Another `attempt`
 * begins anew.
 */
export function usePlayback(
  video: RefObject<HTMLVideoElement | null>,
  source: PlaybackSource,
  {
    attempt,
    startS,
    isReplica,
  }: {
    attempt: number;
    startS: number | undefined;
    /** The node has a copy, and its key only sealed. */
    isReplica: boolean;
  },
): Playback | undefined {
  const { api, sessions, bridge } = useStudio();
  const [playback, setPlayback] = useState<Playback>();
  const [offenders] = useState(() => new Set<string>());
  const { recordingId } = source;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a recording that ends goes on in the same player.
  useEffect(() => {
    if (!video.current) return;
    const made = new Playback(video.current, {
      source,
      startS,
      offenders,
      segmentKey: isReplica ? (files) => openGrant(files, recordingId, bridge) : undefined,
      token: () => sessions.token(),
      ticket: (last) => api.swarmTicket(recordingId, last),
      whyStopped: () => api.recording(source.roomId, recordingId),
    });
    setPlayback(made);
    import('hls.js/light').then(
      ({ default: Hls }) => made.start(Hls),
      (error: unknown) => {
        console.error('The player could not be loaded.', error);
        const player = { status: 'failed', code: 'internal', message: PLAYER_MISSING } as const;
        made.state.setState({ player });
      },
    );
    return () => {
      made.close();
      setPlayback(undefined);
    };
  }, [video, recordingId, api, sessions, attempt]);

  return playback;
}

/** The segment key of a copy, which its host sealed for those who may watch. */
async function openGrant(
  files: NodeFiles,
  recordingId: string,
  bridge: Bridge | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!bridge) {
    throw new ProtocolError(
      'forbidden',
      'While its host is away, this recording opens in the Swarm Studio app, with your own identity.',
    );
  }
  const answer = await files.json('grant', AbortSignal.timeout(GRANT_WITHIN_MS));
  const { box } = GrantResponse.parse(answer);
  const { key } = await bridge.call('identity.openSegmentKey', { recordingId, box });
  return fromBase64Url(key);
}
