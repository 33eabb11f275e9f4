import type { KeyObject } from 'node:crypto';
import { ProtocolError } from '../../../protocol/errors.ts';
import { decodeTrackSlice, type TrackEntry } from '../../../protocol/track-slice.ts';
import { TrackDescription } from '../../../protocol/tracks.ts';
import { type JournalReport, readJournal } from '../journal/journal-reader.ts';

/** Where a track's journal lies, and what opens it. */
export interface TrackFile {
  path: string;
  key: KeyObject;
}

/** Something was there that can't be read any more. */
export interface LostEntry {
  kind: 'lost';
}

export interface ReadingOptions {
  /** Ends it: the generator throws the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Told of each slice's bytes. */
  onBytes?: ((bytes: number) => void) | undefined;
}

/** A track as its journal begins. */
export interface BegunTrack {
  file: TrackFile;
  description: TrackDescription;
  /** ms since the epoch. */
  begunAtMs: number;
}

/** Throws `recording-damaged` where the journal's first slice can't be read. */
export async function describeTrack(file: TrackFile): Promise<BegunTrack> {
  for await (const { seq, bytes, capturedAtMs: begunAtMs } of readJournal(file)) {
    if (seq !== 0) break;
    return { file, description: TrackDescription.parse(JSON.parse(bytes.toString())), begunAtMs };
  }
  throw new ProtocolError(
    'recording-damaged',
    'What a separate track is can not be read any more. Its file is kept in the recording’s folder.',
  );
}

/** All that was kept of a track, in the order in which it came, a slice in memory at a time. */
export async function* readTrack(
  file: TrackFile,
  { signal, onBytes }: ReadingOptions = {},
): AsyncGenerator<TrackEntry | LostEntry, JournalReport> {
  const slices = readJournal(file);
  let nextSeq = 0;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const next = await slices.next();
      if (next.done) return next.value;
      const { seq, bytes } = next.value;
      if (seq !== nextSeq) yield { kind: 'lost' };
      nextSeq = seq + 1;
      if (seq > 0) yield* decodeTrackSlice(bytes);
      onBytes?.(bytes.length);
    }
  } finally {
    await slices.return({ slices: 0, damagedSeqs: [], tornBytes: 0, unreadableBytes: 0 });
  }
}
