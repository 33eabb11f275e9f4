import type { CaptureCommand, CaptureOrder, CaptureReport, TrackKind } from './capture-messages.ts';
import { OwnTrack } from './own-track.ts';

/** As in `frame-capture.ts`: at most a second is lost with the process. */
const FLUSH_MS = 400;

const tracks = new Map<TrackKind, OwnTrack>();
const ending = new Set<Promise<void>>();

addEventListener('message', ({ data: { port } }: MessageEvent<CaptureOrder>) => {
  const timer = setInterval(() => {
    for (const track of tracks.values()) track.flush();
  }, FLUSH_MS);
  const report = (message: CaptureReport, transfer: Transferable[] = []) =>
    port.postMessage(message, transfer);
  port.onmessage = ({ data }: MessageEvent<CaptureCommand>) => {
    if (data.type === 'finish') clearInterval(timer);
    obey(data, report);
  };
});

function obey(
  command: CaptureCommand,
  report: (message: CaptureReport, transfer?: Transferable[]) => void,
): void {
  switch (command.type) {
    case 'own': {
      const { peerId, kind, readable } = command;
      end(kind);
      tracks.set(kind, new OwnTrack({ peerId, kind }, readable, report));
      return;
    }
    case 'own-gone':
      end(command.kind);
      return;
    case 'take':
      for (const track of tracks.values()) track.takeBegan(command.take, command.atMs);
      return;
    case 'finish':
      for (const kind of [...tracks.keys()]) end(kind);
      void Promise.all(ending).then(() => report({ type: 'finished' }));
      return;
    case 'wanted':
    case 'played':
      return;
  }
}

function end(kind: TrackKind): void {
  const track = tracks.get(kind);
  if (!track) return;
  tracks.delete(kind);
  const ended = track.stop().finally(() => ending.delete(ended));
  ending.add(ended);
}
