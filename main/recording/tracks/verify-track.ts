import { ProtocolError } from '../../../protocol/errors.ts';
import { readJournal } from '../journal/journal-reader.ts';
import type { TrackFile } from './read-track.ts';

export interface VerifyTrackOptions {
  signal?: AbortSignal | undefined;
  /** A crash ended the recording: the last slice may not be whole, it was never acknowledged. */
  cutOff?: boolean | undefined;
}

/**
 * Reads a separate track's journal to its end: the SHA-256 and the AES-GCM tags of each slice, and
 * that none is missing between others. Throws `recording-damaged` with what is not as it was
 * recorded, and the signal's reason.
 */
export async function verifyTrack(
  file: TrackFile,
  { signal, cutOff = false }: VerifyTrackOptions = {},
): Promise<void> {
  const slices = readJournal(file);
  let nextSeq = 0;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const next = await slices.next();
      if (!next.done) {
        nextSeq = next.value.seq + 1;
        continue;
      }
      const { damagedSeqs, unreadableBytes, tornBytes, ...read } = next.value;
      if (damagedSeqs.length > 0) {
        throw damaged(
          `the SHA-256 of ${slicesInWords(damagedSeqs.length)} is not the one recorded`,
        );
      }
      if (unreadableBytes > 0) throw damaged(`its last ${unreadableBytes} bytes can not be read`);
      if (read.slices === 0 && !cutOff) throw damaged('what the track is can not be read');
      if (nextSeq > read.slices) throw damaged(`lacks ${slicesInWords(nextSeq - read.slices)}`);
      if (tornBytes > 0 && !cutOff) throw damaged('ends in the middle of a slice');
      return;
    }
  } finally {
    await slices.return({ slices: 0, damagedSeqs: [], tornBytes: 0, unreadableBytes: 0 });
  }
}

function slicesInWords(count: number): string {
  return count === 1 ? '1 slice' : `${count} slices`;
}

function damaged(reason: string): ProtocolError {
  return new ProtocolError('recording-damaged', reason);
}
