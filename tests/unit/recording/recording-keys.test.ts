import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  deriveKeys,
  newRecordingSecret,
  unwrapSecret,
  wrapSecret,
} from '../../../main/recording/keys/recording-keys.ts';

const master = randomBytes(32);

describe('the secret of a recording', () => {
  it('is unwrapped with the key that wrapped it', () => {
    const secret = newRecordingSecret();
    const wrapped = wrapSecret(master, 'rec_one', secret);
    expect(wrapped.includes(secret)).toBe(false);
    expect(unwrapSecret(master, 'rec_one', wrapped)).toEqual(secret);
  });

  it('is refused to another key, to another recording, and when it was changed', () => {
    const wrapped = wrapSecret(master, 'rec_one', newRecordingSecret());
    const changed = Buffer.from(wrapped);
    changed[20] = (changed[20] ?? 0) ^ 1;
    for (const attempt of [
      () => unwrapSecret(randomBytes(32), 'rec_one', wrapped),
      () => unwrapSecret(master, 'rec_two', wrapped),
      () => unwrapSecret(master, 'rec_one', changed),
    ]) {
      expect(attempt).toThrow(expect.objectContaining({ code: 'recording-damaged' }));
    }
  });

  it('gives the same keys each time, and another one for each purpose and segment', () => {
    const secret = newRecordingSecret();
    const keys = deriveKeys(secret);
    const again = deriveKeys(secret);
    expect(keys.segment).toEqual(again.segment);
    expect(keys.segment).toHaveLength(16);
    expect(keys.journal.export()).toEqual(again.journal.export());
    expect(keys.journal.export().includes(keys.segment)).toBe(false);
    expect(keys.segmentIv('segment-000000.m4s')).toHaveLength(16);
    expect(keys.segmentIv('segment-000000.m4s')).toEqual(again.segmentIv('segment-000000.m4s'));
    expect(keys.segmentIv('segment-000000.m4s')).not.toEqual(keys.segmentIv('segment-000001.m4s'));
    expect(deriveKeys(newRecordingSecret()).segment).not.toEqual(keys.segment);
  });
});
