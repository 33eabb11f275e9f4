import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  HEADER_BYTES,
  isIntact,
  openRecord,
  parseHeader,
  releaseRecord,
  type StoredHeader,
  sealRecord,
  storedLength,
} from '../../../main/recording/journal/journal-record.ts';

const key = createSecretKey(randomBytes(32));

function sealed(plain: Uint8Array, seq = 7, epoch = 0, capturedAtMs = 1_767_225_600_123.5) {
  const record = { epoch, seq, plainLength: plain.length, capturedAtMs };
  const bytes = Buffer.concat(sealRecord(key, record, plain));
  const header = parseHeader(bytes.subarray(0, HEADER_BYTES)) as StoredHeader;
  return { bytes, header, body: bytes.subarray(HEADER_BYTES) };
}

describe('a slice in the journal', () => {
  it('gives its memory back once it is written, and nobody else’s', () => {
    const plain = randomBytes(70_000);
    const record = { epoch: 0, seq: 0, plainLength: plain.length, capturedAtMs: 0 };
    const parts = sealRecord(key, record, plain);
    const shared = Buffer.from('shares the memory of other small buffers');
    releaseRecord([...parts, shared]);
    expect(parts.filter(({ byteLength }) => byteLength > HEADER_BYTES)).toEqual([]);
    expect(plain).toHaveLength(70_000);
    expect(shared.toString()).toBe('shares the memory of other small buffers');
  });

  it('comes out as it went in, whatever its length', () => {
    const lengths = fc.oneof(
      fc.integer({ min: 1, max: 300 }),
      fc.constantFrom(65_535, 65_536, 65_537, 131_072, 200_000),
    );
    fc.assert(
      fc.property(lengths, fc.nat(0xffffffff), (length, seq) => {
        const plain = randomBytes(length);
        const { header, body } = sealed(plain, seq);
        expect(header).toMatchObject({ seq, epoch: 0, capturedAtMs: 1_767_225_600_123.5 });
        expect(body).toHaveLength(storedLength(length));
        expect(isIntact(header, body)).toBe(true);
        expect(openRecord(key, header, body).equals(plain)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is recognised as damaged wherever a bit flips', () => {
    const plain = randomBytes(1000);
    const { bytes } = sealed(plain);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        const header = parseHeader(damaged.subarray(0, HEADER_BYTES));
        expect(header !== undefined && isIntact(header, damaged.subarray(HEADER_BYTES))).toBe(
          false,
        );
      }),
    );
  });

  it('opens with its own key only', () => {
    const { header, body } = sealed(randomBytes(100));
    expect(() => openRecord(createSecretKey(randomBytes(32)), header, body)).toThrow();
  });

  it('can not take the place of another, nor can its pieces be swapped', () => {
    const one = sealed(Buffer.alloc(140_000, 1), 1);
    const two = sealed(Buffer.alloc(140_000, 2), 2);
    expect(() => openRecord(key, one.header, two.body)).toThrow();
    const piece = storedLength(65_536);
    const swapped = Buffer.concat([
      one.body.subarray(piece, 2 * piece),
      one.body.subarray(0, piece),
      one.body.subarray(2 * piece),
    ]);
    expect(() => openRecord(key, one.header, swapped)).toThrow();
  });

  it('is never encrypted twice in the same way: an attempt has an epoch of its own', () => {
    const plain = Buffer.alloc(100, 3);
    expect(sealed(plain, 1, 0).body.equals(sealed(plain, 1, 1).body)).toBe(false);
    expect(sealed(plain, 1, 0).body.equals(sealed(plain, 2, 0).body)).toBe(false);
  });
});
