import { describe, expect, it } from 'vitest';
import { FramePace } from '../../../renderer/media/frame-pace.ts';

function paint(pace: FramePace, pictures: number, missedEach: number): void {
  for (let picture = 0; picture < pictures; picture++) pace.painted(missedEach);
}

describe('the pace of the composed picture', () => {
  it('is what was asked for on a machine that keeps up', () => {
    const pace = new FramePace(30);
    paint(pace, 600, 0);
    expect(pace.intervalMs).toBeCloseTo(1000 / 30);
  });

  it('slows down, step by step, on a machine that does not', () => {
    const pace = new FramePace(30);
    paint(pace, 30, 1);
    expect(pace.intervalMs).toBeCloseTo(1000 / 20);
    paint(pace, 30, 1);
    expect(pace.intervalMs).toBeCloseTo(1000 / 15);
  });

  it('never slows down to less than a third', () => {
    const pace = new FramePace(30);
    paint(pace, 600, 5);
    expect(pace.intervalMs).toBeCloseTo(1000 / 10);
  });

  it('is not hurried by one good moment, and comes back after many', () => {
    const pace = new FramePace(30);
    paint(pace, 30, 1);
    paint(pace, 60, 0);
    expect(pace.intervalMs).toBeCloseTo(1000 / 20);
    paint(pace, 7 * 60, 0);
    expect(pace.intervalMs).toBeCloseTo(1000 / 30);
  });

  it('forgives a few missed pictures', () => {
    const pace = new FramePace(30);
    for (let picture = 0; picture < 300; picture++) pace.painted(picture % 10 === 0 ? 1 : 0);
    expect(pace.intervalMs).toBeCloseTo(1000 / 30);
  });
});
