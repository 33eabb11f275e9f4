import type { ProgrammeSource } from '../media/programme-sources.ts';
import { rawFrames } from '../media/raw-frames.ts';
import { CaptureLine } from './capture-line.ts';
import type { CaptureOrder, CaptureReport, TrackKind } from './capture-messages.ts';

const KINDS = ['audio', 'video'] as const;

/**
 * This window's own camera and microphone as separate tracks: encoded once more, at full quality,
 * because what leaves for the others is made to fit their connections.
 */
export class OwnTracks {
  readonly line: CaptureLine;
  readonly #worker: Worker;
  readonly #tracks = new Map<TrackKind, MediaStreamTrack>();

  constructor(hear: (report: CaptureReport) => void) {
    this.#worker = new Worker(new URL('./own-tracks.worker.ts', import.meta.url), {
      type: 'module',
      name: 'own-tracks',
    });
    this.line = new CaptureLine((port) => {
      const order: CaptureOrder = { type: 'capture', port };
      this.#worker.postMessage(order, [port]);
    }, hear);
  }

  /** Keeps what this source sends now; nothing without one. */
  update(source: ProgrammeSource | undefined): void {
    for (const kind of KINDS) {
      const muted = kind === 'audio' ? source?.audioMuted : source?.videoMuted;
      const track = muted ? undefined : source?.[kind];
      const live = track?.readyState === 'live' ? track : undefined;
      if (live === this.#tracks.get(kind)) continue;
      if (live && source) this.#encode(source.peerId, kind, live);
      else {
        this.#tracks.delete(kind);
        this.line.tell({ type: 'own-gone', kind });
      }
    }
  }

  async stop(): Promise<void> {
    await this.line.finish();
    this.#worker.terminate();
  }

  #encode(peerId: string, kind: TrackKind, track: MediaStreamTrack): void {
    this.#tracks.set(kind, track);
    const readable = rawFrames(track);
    this.line.tell({ type: 'own', peerId, kind, readable }, [readable]);
  }
}
