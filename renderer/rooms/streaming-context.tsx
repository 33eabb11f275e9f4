import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { Streaming, StreamingActions, StreamingState } from './streaming.ts';
import { StreamingController, type StreamingOptions } from './streaming-controller.ts';

/** What rooms need, and the part of the app that may use them. */
export interface StreamingProviderProps extends StreamingOptions {
  children: ReactNode;
}

const StreamingContext = createContext<StreamingController | undefined>(undefined);

/** Mounted once for the whole app, so that a room goes on while the person moves about in it. */
export function StreamingProvider({ children, ...options }: StreamingProviderProps) {
  const [controller] = useState(() => new StreamingController(options));
  useEffect(() => {
    addEventListener('pagehide', controller.leaveOnExit);
    return () => {
      removeEventListener('pagehide', controller.leaveOnExit);
      controller.stop();
    };
  }, [controller]);
  return <StreamingContext value={controller}>{children}</StreamingContext>;
}

/** State and actions of the room; renders anew at each change of the state. */
export function useStreaming(): Streaming {
  const controller = useController();
  const state = useStore(controller.store.api);
  return useMemo(() => ({ ...actionsOf(controller), state }), [controller, state]);
}

/** A part of the state; renders anew when that part changes. */
export function useStreamingState<T>(select: (state: StreamingState) => T): T {
  return useStore(useController().store.api, select);
}

/** The actions alone; never renders anew. */
export function useStreamingActions(): StreamingActions {
  const controller = useController();
  return useMemo(() => actionsOf(controller), [controller]);
}

function useController(): StreamingController {
  const controller = useContext(StreamingContext);
  if (!controller) throw new Error('Rooms need a StreamingProvider above them');
  return controller;
}

function actionsOf(controller: StreamingController): StreamingActions {
  const { prepare, rehearse, launch, join, knock, cancelKnock, leave, end } = controller;
  const { setMuted, setLocalStream, reportFirstFrame, peerStats, lastEcho } = controller;
  const { goLive, setRecording, setRecordingPaused, addMarker, nameMarker, dismiss } = controller;
  const { setRelayed, reportShown, setKeepsChat, say, unsay } = controller;
  const { mintInvite, revokeInvite, refreshInvites, moderate, answerKnock } = controller;
  return {
    prepare,
    rehearse,
    launch,
    join,
    knock,
    cancelKnock,
    leave,
    end,
    setMuted,
    setLocalStream,
    reportFirstFrame,
    peerStats,
    lastEcho,
    goLive,
    setRecording,
    setRecordingPaused,
    setRelayed,
    reportShown,
    setKeepsChat,
    say,
    unsay,
    addMarker,
    nameMarker,
    mintInvite,
    revokeInvite,
    refreshInvites,
    moderate,
    answerKnock,
    dismiss,
  };
}
