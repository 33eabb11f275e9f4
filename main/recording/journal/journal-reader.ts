import type { KeyObject } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { MAX_SLICE_BYTES } from '../../../preload/contract.ts';
import {
  HEADER_BYTES,
  isIntact,
  openRecord,
  parseHeader,
  type StoredHeader,
  storedLength,
} from './journal-record.ts';
import type { JournalTail } from './journal-writer.ts';

/** A slice as it was handed in. */
export interface JournalSlice {
  seq: number;
  capturedAtMs: number;
  bytes: Buffer;
}

/** What was read, and what could not be. */
export interface JournalReport {
  slices: number;
  /** Slices whose stored bytes changed since they were written: left out, reading went on. */
  damagedSeqs: number[];
  /** Bytes of a last slice that was not written to its end: the writer was cut off there. */
  tornBytes: number;
  /** Bytes from the first place on where there should be a slice and is none. */
  unreadableBytes: number;
}

export interface ReadJournalOptions {
  path: string;
  key: KeyObject;
  /** Read what is durable, then wait for more until it is closed. */
  follow?: JournalTail | undefined;
  /** Ends the wait for more: the generator throws. */
  signal?: AbortSignal | undefined;
}

/**
 * Reads a journal from its start, one slice in memory at a time, and returns what it found.
 * Throws where a slice is intact but the key is not its key, or the file can't be read.
 */
export async function* readJournal(
  options: ReadJournalOptions,
): AsyncGenerator<JournalSlice, JournalReport> {
  const { path, key, follow } = options;
  const report: JournalReport = { slices: 0, damagedSeqs: [], tornBytes: 0, unreadableBytes: 0 };
  const file = await open(path, 'r');
  try {
    const size = follow ? 0 : (await file.stat()).size;
    let offset = 0;
    let lastSeq = -1;
    for (;;) {
      const end = follow ? await nextEnd(follow, offset, options.signal) : size;
      if (offset >= end) return report;
      const header = await headerAt(file, offset, end);
      if (header === 'unreadable' || (header !== 'torn' && header.seq <= lastSeq)) {
        report.unreadableBytes = end - offset;
        return report;
      }
      if (header === 'torn') {
        report.tornBytes = end - offset;
        return report;
      }
      const length = storedLength(header.plainLength);
      const body = await readExactly(file, offset + HEADER_BYTES, length);
      offset += HEADER_BYTES + length;
      lastSeq = header.seq;
      if (isIntact(header, body)) {
        report.slices += 1;
        const bytes = openRecord(key, header, body);
        yield { seq: header.seq, capturedAtMs: header.capturedAtMs, bytes };
      } else {
        report.damagedSeqs.push(header.seq);
      }
    }
  } finally {
    await file.close();
  }
}

/** Where the durable part ends, once there is something after `offset` or nothing will come. */
async function nextEnd(
  tail: JournalTail,
  offset: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  while (tail.durableBytes <= offset && !tail.closed) await tail.changed(signal);
  return tail.durableBytes;
}

/** The header of a record that lies whole before `end`, or why there is none. */
async function headerAt(
  file: FileHandle,
  offset: number,
  end: number,
): Promise<StoredHeader | 'torn' | 'unreadable'> {
  if (offset + HEADER_BYTES > end) return 'torn';
  const header = parseHeader(await readExactly(file, offset, HEADER_BYTES));
  if (!header || header.plainLength > MAX_SLICE_BYTES) return 'unreadable';
  return offset + HEADER_BYTES + storedLength(header.plainLength) > end ? 'torn' : header;
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw new Error('The journal became shorter while it was read.');
    done += bytesRead;
  }
  return bytes;
}
