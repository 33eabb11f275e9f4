import { useCallback, useEffect, useRef, useState } from 'react';
import { acquireMedia, releaseMedia } from '../media/devices.ts';
import { type Explanation, explain } from '../ui/explain.ts';

/** Where the preview of one's own camera and microphone is. */
export type PreviewState =
  | { status: 'asking' }
  /** `notices`: one of the devices can't be had, the other goes on without it. */
  | { status: 'ready'; stream: MediaStream; notices: readonly Explanation[] }
  | { status: 'failed'; problem: Explanation }
  /** The person goes in without camera and microphone. */
  | { status: 'without' };

export interface DevicePreview {
  state: PreviewState;
  muted: { audio: boolean; video: boolean };
  setMuted: (kind: 'audio' | 'video', muted: boolean) => void;
  retry: () => void;
  goWithout: () => void;
  /** Resolves once the devices are there, or it is known that they won't be. */
  settled: () => Promise<void>;
  /** Hands the stream over: from now on its new owner turns the devices off. */
  take: () => MediaStream | undefined;
  /** Gives back what was taken, when the new owner did not want it after all. */
  giveBack: (stream: MediaStream | undefined) => void;
}

/** Opens camera and microphone while mounted, and turns them off afterwards unless taken. */
export function useDevicePreview(): DevicePreview {
  const [state, setState] = useState<PreviewState>({ status: 'asking' });
  const [muted, setMutedState] = useState({ audio: false, video: false });
  /** Counts attempts; `undefined` once the person goes in without devices. */
  const [attempt, setAttempt] = useState<number | undefined>(0);
  const held = useRef<MediaStream | undefined>(undefined);
  const mutedNow = useRef(muted);
  mutedNow.current = muted;
  const present = useRef(false);
  const settled = useSettled(state.status !== 'asking');

  useEffect(() => {
    present.current = true;
    return () => {
      present.current = false;
    };
  }, []);

  useEffect(() => {
    if (attempt === undefined) {
      setState({ status: 'without' });
      return;
    }
    let current = true;
    setState({ status: 'asking' });
    acquireMedia({ video: true, audio: true }).then(
      ({ stream, problems }) => {
        if (!current) return releaseMedia(stream);
        held.current = stream;
        enableTracks(stream, mutedNow.current);
        setState({ status: 'ready', stream, notices: problems.map(explain) });
      },
      (error: unknown) => current && setState({ status: 'failed', problem: explain(error) }),
    );
    return () => {
      current = false;
      releaseMedia(held.current);
      held.current = undefined;
    };
  }, [attempt]);

  const setMuted = useCallback((kind: 'audio' | 'video', value: boolean) => {
    const next = { ...mutedNow.current, [kind]: value };
    setMutedState(next);
    if (held.current) enableTracks(held.current, next);
  }, []);

  const take = useCallback(() => {
    const stream = held.current;
    held.current = undefined;
    return stream;
  }, []);

  return {
    state,
    muted,
    setMuted,
    retry: useCallback(() => setAttempt((n = 0) => n + 1), []),
    goWithout: useCallback(() => setAttempt(undefined), []),
    settled,
    take,
    giveBack: useCallback((stream: MediaStream | undefined) => {
      if (present.current) held.current = stream;
      else releaseMedia(stream);
    }, []),
  };
}

/** A function whose promise resolves when `done` is or becomes true. */
function useSettled(done: boolean): () => Promise<void> {
  const doneNow = useRef(done);
  const waiting = useRef<(() => void)[]>([]);
  useEffect(() => {
    doneNow.current = done;
    if (done) for (const resolve of waiting.current.splice(0)) resolve();
  }, [done]);
  return useCallback(
    () =>
      new Promise<void>((resolve) => {
        if (doneNow.current) resolve();
        else waiting.current.push(resolve);
      }),
    [],
  );
}

function enableTracks(stream: MediaStream, muted: { audio: boolean; video: boolean }) {
  for (const track of stream.getAudioTracks()) track.enabled = !muted.audio;
  for (const track of stream.getVideoTracks()) track.enabled = !muted.video;
}
