import { describe, expect, it } from 'vitest';
import { mediaProblemOf } from '../../../renderer/media/media-problem.ts';
import { bestRecorderMimeType } from '../../../renderer/media/recorder-format.ts';

describe('a camera that can not be had', () => {
  it.each([
    ['NotFoundError', 'camera-missing'],
    ['OverconstrainedError', 'camera-missing'],
    ['NotAllowedError', 'camera-refused'],
    ['NotReadableError', 'camera-busy'],
    ['AbortError', 'camera-busy'],
    ['SecurityError', 'insecure-page'],
    ['TypeError', 'media-unsupported'],
  ])('for %s is told as %s, with what to do', (name, code) => {
    const problem = mediaProblemOf('camera', new DOMException('', name));
    expect(problem.code).toBe(code);
    expect(problem.message).toMatch(/\. |\.$/);
  });

  it('is not confused with a microphone', () => {
    const problem = mediaProblemOf('microphone', new DOMException('', 'NotAllowedError'));
    expect(problem.code).toBe('microphone-refused');
    expect(problem.message).toContain('microphone');
  });
});

describe('the recorder’s format', () => {
  it('is H.264 where there is H.264', () => {
    expect(bestRecorderMimeType(() => true)).toBe('video/webm;codecs=h264,opus');
  });

  it('is VP9 where H.264 is missing', () => {
    expect(bestRecorderMimeType((type) => /vp[89]/.test(type))).toBe('video/webm;codecs=vp9,opus');
  });

  it('is none in a browser that records no WebM, nor where nothing records at all', () => {
    expect(bestRecorderMimeType(() => false)).toBeUndefined();
    expect(bestRecorderMimeType()).toBeUndefined();
  });
});
