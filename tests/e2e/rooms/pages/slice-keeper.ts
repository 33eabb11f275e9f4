import type { MethodInput, MethodName, MethodOutput } from '../../../../preload/contract.ts';

const RECORDING_ID = 'rec_0123456789abcdef';

/** A main side that keeps the slices in memory, and refuses from one of them on where asked to. */
export class SliceKeeper {
  readonly slices: { atMs: number; bytes: Uint8Array }[] = [];
  readonly calls: string[] = [];
  refuseFrom = Number.POSITIVE_INFINITY;
  #kept: Promise<void> = Promise.resolve();

  call = async <M extends MethodName>(
    method: M,
    input: MethodInput<M>,
  ): Promise<MethodOutput<M>> => {
    if (method !== 'recording.append') {
      this.calls.push(method);
    }
    return this.#answer(method, input) as MethodOutput<M>;
  };

  /** Keeps a slice that comes from elsewhere; in their order. */
  async keep(slice: Blob): Promise<void> {
    this.#kept = this.#kept.then(async () => {
      const bytes = new Uint8Array(await slice.arrayBuffer());
      this.slices.push({ atMs: performance.now(), bytes });
    });
    await this.#kept;
  }

  /** The slices joined, as base64. */
  file(): string {
    return btoa(this.slices.map(({ bytes }) => binaryOf(bytes)).join(''));
  }

  /** Each slice as base64. */
  list(): string[] {
    return this.slices.map(({ bytes }) => btoa(binaryOf(bytes)));
  }

  #answer(method: MethodName, input: unknown): unknown {
    if (method === 'recording.start') return { recordingId: RECORDING_ID };
    if (method === 'recording.mark') return { markerId: 1, number: 1 };
    if (method !== 'recording.append') return { recordingId: RECORDING_ID, state: 'ready' };
    const { seq, bytes } = input as MethodInput<'recording.append'>;
    if (seq !== this.slices.length) throw new Error(`slice ${seq} is out of order`);
    if (seq >= this.refuseFrom) throw new Error('The disk is full.');
    this.slices.push({ atMs: performance.now(), bytes });
    return { seq };
  }
}

function binaryOf(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return binary;
}
