import { describe, expect, it } from 'vitest';
import { readLinkSample } from '../../../renderer/rooms/link-sample.ts';

type Entry = { id: string; type: string } & Record<string, unknown>;

/** A report as `getStats()` answers it, `atSeconds` after the connection began. */
function report(atSeconds: number, ...entries: Entry[]): RTCStatsReport {
  const timestamp = 1_700_000_000_000 + atSeconds * 1000;
  return new Map(entries.map((entry) => [entry.id, { timestamp, ...entry }]));
}

const vp8 = { id: 'C1', type: 'codec', mimeType: 'video/VP8' };
const transport = { id: 'T1', type: 'transport', selectedCandidatePairId: 'P1' };

function pair(local: Partial<Entry>, remote: Partial<Entry>): Entry[] {
  return [
    transport,
    {
      ...{ id: 'P1', type: 'candidate-pair', localCandidateId: 'L1', remoteCandidateId: 'R1' },
      ...{ currentRoundTripTime: 0.05, availableOutgoingBitrate: 2_000_000 },
    },
    { id: 'L1', type: 'local-candidate', candidateType: 'host', protocol: 'udp', ...local },
    { id: 'R1', type: 'remote-candidate', candidateType: 'host', protocol: 'udp', ...remote },
  ];
}

function inbound(counters: Partial<Entry>): Entry {
  return { id: 'I1', type: 'inbound-rtp', kind: 'video', codecId: 'C1', ...counters };
}

describe('the path', () => {
  it('is direct between two hosts', () => {
    const sample = readLinkSample(report(1, ...pair({ address: '10.0.0.1' }, {})));
    expect(sample).toMatchObject({
      atMs: 1_700_000_001_000,
      relayed: false,
      protocol: 'udp',
      addressFamily: 'IPv4',
      roundTripMs: 50,
      availableSendBitsPerSecond: 2_000_000,
    });
  });

  it('is relayed by our TURN server, or by theirs', () => {
    const ours = pair({ candidateType: 'relay', relayProtocol: 'tls', address: '2001:db8::1' }, {});
    expect(readLinkSample(report(1, ...ours))).toMatchObject({
      relayed: true,
      relayProtocol: 'tls',
      addressFamily: 'IPv6',
    });
    const theirs = pair({}, { candidateType: 'relay' });
    expect(readLinkSample(report(1, ...theirs)).relayed).toBe(true);
  });

  it('of a browser that marks the pair itself is known as well', () => {
    const [, selected, ...candidates] = pair({}, {});
    const entries = [{ ...(selected as Entry), selected: true }, ...candidates];
    expect(readLinkSample(report(1, ...entries)).relayed).toBe(false);
  });

  it('is unknown before one is selected, and addresses may be hidden', () => {
    const before = readLinkSample(report(1, { id: 'T1', type: 'transport' }));
    expect(before).not.toHaveProperty('relayed');
    const hidden = readLinkSample(report(1, ...pair({ address: '' }, { address: 'a1.local' })));
    expect(hidden).not.toHaveProperty('addressFamily');
  });
});

describe('what comes', () => {
  const first = readLinkSample(
    report(1, vp8, inbound({ bytesReceived: 1_000, packetsReceived: 90, packetsLost: 10 })),
  );

  it('has its codec, size and loss since the stream began in the first sample, and no rate', () => {
    expect(first.received.video).toMatchObject({ codec: 'VP8', lossShare: 0.1 });
    expect(first.received.video).not.toHaveProperty('bitsPerSecond');
  });

  it('has rate and loss since the sample before in the second', () => {
    const counters = {
      bytesReceived: 251_000,
      packetsReceived: 190,
      packetsLost: 10,
      jitter: 0.02,
    };
    const second = readLinkSample(report(3, vp8, inbound(counters)), first);
    expect(second.received.video).toMatchObject({ bitsPerSecond: 1_000_000, lossShare: 0 });
    expect(second).toMatchObject({ receiveBitsPerSecond: 1_000_000, lossShare: 0, jitterMs: 20 });
  });

  it('is counted anew when the connection was made anew', () => {
    const counters = { bytesReceived: 500, packetsReceived: 5, packetsLost: 0 };
    const { received } = readLinkSample(report(3, inbound(counters)), first);
    expect(received.video).toMatchObject({ lossShare: 0, packets: 5 });
    expect(received.video).not.toHaveProperty('bitsPerSecond');
  });

  it('never loses less than nothing, though duplicates are counted against the lost', () => {
    const counters = { bytesReceived: 2_000, packetsReceived: 100, packetsLost: 4 };
    expect(readLinkSample(report(3, inbound(counters)), first).lossShare).toBe(0);
  });
});

it('what is sent has its limits, and the loss that the other side reports', () => {
  const outbound = {
    ...{ id: 'O1', type: 'outbound-rtp', kind: 'video', codecId: 'C1', remoteId: 'RI1' },
    ...{ bytesSent: 1_000, frameHeight: 360, qualityLimitationReason: 'cpu' },
  };
  const theirs = { id: 'RI1', type: 'remote-inbound-rtp', fractionLost: 0.25, jitter: 0.004 };
  const first = readLinkSample(report(1, vp8, outbound, theirs));
  expect(first.sent.video).toEqual({
    ...{ bytes: 1_000, codec: 'VP8', frameHeight: 360, qualityLimitationReason: 'cpu' },
    ...{ lossShare: 0.25, jitterMs: 4 },
  });
  const second = readLinkSample(report(2, { ...outbound, bytesSent: 126_000 }), first);
  expect(second.sendBitsPerSecond).toBe(1_000_000);
});

it('a report of nothing is a sample of nothing', () => {
  expect(readLinkSample(report(0))).toEqual({ atMs: 0, sent: {}, received: {} });
});
