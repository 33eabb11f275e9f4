import type { MethodInput, MethodName, MethodOutput } from '../../../../preload/contract.ts';
import type { TrackDescription } from '../../../../protocol/tracks.ts';

const RECORDING_ID = 'rec_0123456789abcdef';

/** A main side that keeps the programme and the separate tracks in memory. */
export class TrackKeeper {
  readonly #programme: Uint8Array[] = [];
  readonly #tracks = new Map<string, { track: TrackDescription; slices: Uint8Array[] }>();

  call = async <M extends MethodName>(
    method: M,
    input: MethodInput<M>,
  ): Promise<MethodOutput<M>> => {
    return this.#answer(method, input) as MethodOutput<M>;
  };

  /** Bytes of tracks that were kept. */
  get bytes(): number {
    const slices = [...this.#tracks.values()].flatMap((known) => known.slices);
    return slices.reduce((sum, slice) => sum + slice.length, 0);
  }

  /** What was kept, each slice as base64. */
  kept() {
    return {
      programme: this.#programme.map(base64),
      tracks: [...this.#tracks.values()].map(({ track, slices }) => ({
        track,
        slices: slices.map(base64),
      })),
    };
  }

  #answer(method: MethodName, input: unknown): unknown {
    switch (method) {
      case 'recording.append':
        this.#programme.push((input as MethodInput<'recording.append'>).bytes);
        return { seq: 0 };
      case 'recording.beginTrack': {
        const { track } = input as MethodInput<'recording.beginTrack'>;
        this.#tracks.set(track.trackId, { track, slices: [] });
        return undefined;
      }
      case 'recording.appendTrack': {
        const { trackId, seq, bytes } = input as MethodInput<'recording.appendTrack'>;
        const known = this.#tracks.get(trackId);
        if (known?.slices.length !== seq) throw new Error(`slice ${seq} is out of order`);
        known.slices.push(bytes);
        return { seq };
      }
      default:
        return { recordingId: RECORDING_ID, state: 'ready' };
    }
  }
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
