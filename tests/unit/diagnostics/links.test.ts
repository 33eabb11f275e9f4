import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  DiagnosticsCollector,
  UNWATCHED_INTERVAL_MS,
  WATCHED_INTERVAL_MS,
} from '../../../renderer/diagnostics/links/diagnostics-collector.ts';
import {
  figureWords,
  pathWords,
  pictureWords,
} from '../../../renderer/diagnostics/links/figure-words.ts';
import { judgeLink } from '../../../renderer/diagnostics/links/judge-link.ts';
import {
  figureOf,
  HISTORY_MS,
  type LinkHistory,
  pointsOf,
  withSample,
} from '../../../renderer/diagnostics/links/link-history.ts';
import { sparklinePath } from '../../../renderer/diagnostics/panel/sparkline-path.ts';
import { type LinkSample, readLinkSample } from '../../../renderer/rooms/link-sample.ts';
import { recordedReports } from './recorded-reports.ts';

const sampleAt = (atMs: number, more: Partial<LinkSample> = {}): LinkSample => ({
  atMs,
  sent: {},
  received: {},
  ...more,
});
const connected = { state: 'connected' } as const;

describe('a real call, as Chromium tells of it', () => {
  test('has its rates from two reports, and good words', () => {
    const [first, second] = recordedReports();
    const before = readLinkSample(first);
    const history = withSample(withSample([], before), readLinkSample(second, before));
    const now = history.at(-1);
    expect(now && figureWords('receiveBits', figureOf(now, 'receiveBits'))).toMatch(
      /^\d+ kbit\/s$/,
    );
    expect(now && figureWords('lossShare', figureOf(now, 'lossShare'))).toBe('0.0 %');
    expect(pictureWords(now?.received.video)).toBe('640 × 360, 20 fps, VP8');
    expect(pathWords(now)).toBe('Direct, UDP, IPv6');
    expect(judgeLink(connected, now)).toEqual({ grade: 'good', words: ['Good'] });
    // A rate needs two reports, so the first has none to chart.
    expect(pointsOf(history, 'roundTripMs')).toHaveLength(2);
    expect(pointsOf(history, 'sendBits')).toHaveLength(1);
  });
});

describe('the history of a connection', () => {
  test('is a minute long', () => {
    let history: LinkHistory = [];
    for (let second = 0; second <= 90; second++) {
      history = withSample(history, sampleAt(second * 1000));
    }
    expect(history[0]?.atMs).toBe(90_000 - HISTORY_MS);
    expect(history).toHaveLength(61);
  });

  test('begins anew when the clock goes back', () => {
    expect(withSample([sampleAt(5000)], sampleAt(1000))).toEqual([sampleAt(1000)]);
  });

  test('tells the worse direction of loss and jitter', () => {
    const sample = sampleAt(0, {
      lossShare: 0.01,
      jitterMs: 30,
      sent: { audio: { bytes: 0, lossShare: 0.04, jitterMs: 2 }, video: { bytes: 0 } },
    });
    expect(figureOf(sample, 'lossShare')).toBe(0.04);
    expect(figureOf(sample, 'jitterMs')).toBe(30);
  });
});

describe('the chart of a figure', () => {
  const box = { width: 60, height: 10, top: 100 };

  test('has now at the right and the top figure at the upper edge', () => {
    const points = [
      { atMs: 50_000, value: 0 },
      { atMs: 60_000, value: 200 },
    ];
    expect(sparklinePath(points, box)).toBe('M50.0 10.0L60.0 0.0');
  });

  test('keeps a quiet line low, and leaves out what was not measured', () => {
    const points = [
      { atMs: 0, value: 10 },
      { atMs: 30_000, value: 10 },
    ];
    expect(sparklinePath(points, box)).toBe('M30.0 9.0M60.0 9.0');
    expect(sparklinePath([], box)).toBe('');
  });
});

describe('the words about a connection', () => {
  test.each<[string, Partial<LinkSample>, string, RegExp]>([
    ['2 % lost', { lossShare: 0.02 }, 'fair', /pictures may freeze/],
    ['11 % lost', { lossShare: 0.11 }, 'poor', /sound breaks up/],
    ['a delay that is noticed', { roundTripMs: 200 }, 'fair', /talk over each other/],
    ['a delay that is too long', { roundTripMs: 700 }, 'poor', /conversation is hard/],
    ['uneven packets', { jitterMs: 51 }, 'fair', /stutter/],
    [
      'an upload that is full',
      {
        availableSendBitsPerSecond: 300_000,
        sendBitsPerSecond: 290_000,
        sent: { video: { bytes: 0, qualityLimitationReason: 'bandwidth' } },
      },
      'fair',
      /upload is the limit/,
    ],
    [
      'a busy computer',
      { sent: { video: { bytes: 0, qualityLimitationReason: 'cpu' } } },
      'fair',
      /computer is busy/,
    ],
  ])('say what %s means', (_what, figures, grade, words) => {
    const judgement = judgeLink(connected, sampleAt(0, figures));
    expect(judgement.grade).toBe(grade);
    expect(judgement.words.join()).toMatch(words);
  });

  test.each<[string, Partial<LinkSample>]>([
    ['1.9 % lost', { lossShare: 0.019 }],
    ['180 ms there and back', { roundTripMs: 180 }],
    ['50 ms of jitter', { jitterMs: 50 }],
    [
      'an encoder held by the room’s own limit',
      {
        availableSendBitsPerSecond: 3_000_000,
        sendBitsPerSecond: 290_000,
        sent: { video: { bytes: 0, qualityLimitationReason: 'bandwidth' } },
      },
    ],
  ])('find nothing wrong with %s', (_what, figures) => {
    expect(judgeLink(connected, sampleAt(0, figures)).grade).toBe('good');
  });

  test('tell the worst first, and all of it', () => {
    const { grade, words } = judgeLink(
      connected,
      sampleAt(0, { lossShare: 0.03, roundTripMs: 900 }),
    );
    expect(grade).toBe('poor');
    expect(words).toEqual([
      'Long delay: a conversation is hard',
      'Losing packets: pictures may freeze',
    ]);
  });

  test('do not praise old figures of a connection that is gone', () => {
    const old = sampleAt(0, { roundTripMs: 1 });
    expect(judgeLink({ state: 'failed' }, old).grade).toBe('poor');
    expect(judgeLink({ state: 'disconnected' }, old).grade).toBe('poor');
    expect(judgeLink({ state: 'connected', restarting: true }, old).grade).toBe('poor');
    expect(judgeLink({ state: 'connecting' }, old).grade).toBe('unknown');
    expect(judgeLink(connected, undefined).grade).toBe('unknown');
  });
});

describe('a figure as people read it', () => {
  test.each([
    ['roundTripMs', 0, '0 ms'],
    ['roundTripMs', 0.4, '< 1 ms'],
    ['roundTripMs', 12.4, '12 ms'],
    ['lossShare', 0.0042, '0.4 %'],
    ['lossShare', 0.34, '34 %'],
    ['sendBits', 0, '0 kbit/s'],
    ['sendBits', 999_400, '999 kbit/s'],
    ['sendBits', 1_234_567, '1.2 Mbit/s'],
    ['jitterMs', undefined, '–'],
  ] as const)('%s of %s is %s', (figure, value, words) => {
    expect(figureWords(figure, value)).toBe(words);
  });

  test('a relayed way says how the relay is reached', () => {
    expect(pathWords(sampleAt(0, { relayed: true, relayProtocol: 'tls' }))).toBe(
      'Relayed, TLS to the relay',
    );
    expect(pathWords(sampleAt(0))).toBeUndefined();
  });
});

describe('the collector', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function collecting(peers: string[]) {
    const [report] = recordedReports();
    let asked = 0;
    const collector = new DiagnosticsCollector({
      peers: () => peers,
      stats: async (peerId) => {
        asked++;
        if (peerId === 'broken') throw new Error('closed');
        return peerId === 'gone' ? undefined : report;
      },
      readSample: () => sampleAt(Date.now()),
    });
    return { collector, asked: () => asked };
  }

  test('does nothing before it is started, nor after it is stopped', async () => {
    const { collector, asked } = collecting(['ada']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked()).toBe(0);
    collector.start();
    await vi.advanceTimersByTimeAsync(0);
    collector.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked()).toBe(1);
    expect(collector.histories.size).toBe(0);
  });

  test('asks every five seconds, and every second while somebody looks', async () => {
    const { collector, asked } = collecting(['ada']);
    collector.start();
    await vi.advanceTimersByTimeAsync(2 * UNWATCHED_INTERVAL_MS);
    expect(asked()).toBe(3);
    const close = collector.subscribe(() => undefined);
    await vi.advanceTimersByTimeAsync(3 * WATCHED_INTERVAL_MS);
    // At once when the panel opens, then once a second.
    expect(asked()).toBe(7);
    close();
    await vi.advanceTimersByTimeAsync(WATCHED_INTERVAL_MS + 2 * UNWATCHED_INTERVAL_MS);
    expect(asked()).toBe(10);
    collector.stop();
  });

  test('keeps what it knows of a connection that does not answer, and forgets who left', async () => {
    const peers = ['ada', 'gone', 'broken'];
    const { collector } = collecting(peers);
    collector.start();
    await vi.advanceTimersByTimeAsync(UNWATCHED_INTERVAL_MS);
    expect(collector.histories.get('ada')).toHaveLength(2);
    expect(collector.histories.get('gone')).toEqual([]);
    expect(collector.histories.get('broken')).toEqual([]);
    peers.splice(0, 2);
    await vi.advanceTimersByTimeAsync(UNWATCHED_INTERVAL_MS);
    expect([...collector.histories.keys()]).toEqual(['broken']);
    collector.stop();
  });
});
