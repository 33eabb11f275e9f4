/** A stream of ours, as the browser and the other side's reports (RFC 3550) have it. */
export interface SentStream {
  /** Short name, e.g. `VP8` or `opus`. */
  codec?: string;
  /** Payload since the previous sample; absent in the first. */
  bitsPerSecond?: number;
  /** 0-1, of the packets that the other side should have got since its last report. */
  lossShare?: number;
  /** As the other side measured it. */
  jitterMs?: number;
  /** Pixels, as encoded. */
  frameWidth?: number;
  frameHeight?: number;
  framesPerSecond?: number;
  /** What keeps the encoder from sending more. */
  qualityLimitationReason?: RTCQualityLimitationReason;
  /** Since the stream began. */
  bytes: number;
}

/** A stream that comes from the other side. */
export interface ReceivedStream {
  /** Short name, e.g. `VP8` or `opus`. */
  codec?: string;
  /** Payload since the previous sample; absent in the first. */
  bitsPerSecond?: number;
  /** 0-1, of the packets expected since the previous sample, or since the stream began. */
  lossShare?: number;
  jitterMs?: number;
  /** Pixels, as decoded. */
  frameWidth?: number;
  frameHeight?: number;
  framesPerSecond?: number;
  /** Times that the picture stood still, since the stream began. */
  freezes?: number;
  /** Frames that were not shown, since the stream began. */
  framesDropped?: number;
  /** Since the stream began. */
  bytes: number;
  packets: number;
  packetsLost: number;
}

/** How a connection to a peer does at one moment. What the browser does not tell is absent. */
export interface LinkSample {
  /** Milliseconds since the epoch, by the browser's clock of statistics. */
  atMs: number;
  roundTripMs?: number;
  /** What the path is estimated to carry from here, all streams together. */
  availableSendBitsPerSecond?: number;
  /** All streams together, payload, since the previous sample; absent in the first. */
  sendBitsPerSecond?: number;
  receiveBitsPerSecond?: number;
  /** 0-1, the worst of the received streams. */
  lossShare?: number;
  /** The worst of the received streams. */
  jitterMs?: number;
  /** Whether media go through a TURN server, ours or theirs; absent until a path is selected. */
  relayed?: boolean;
  /** How media travel from here. */
  protocol?: 'udp' | 'tcp';
  /** How we talk to our TURN server, where media go through it. */
  relayProtocol?: 'udp' | 'tcp' | 'tls';
  /** Absent where the browser hides the addresses. */
  addressFamily?: 'IPv4' | 'IPv6';
  sent: { audio?: SentStream; video?: SentStream };
  received: { audio?: ReceivedStream; video?: ReceivedStream };
}

/** In no browser's typings yet (w3c/webrtc-stats, RTCIceCandidateStats). */
interface IceCandidateStats extends RTCStats {
  address?: string | null;
  candidateType: RTCIceCandidateType;
  protocol?: string;
  relayProtocol?: string;
}

interface RemoteInboundStats extends RTCStats {
  localId?: string;
  jitter?: number;
  fractionLost?: number;
}

/** Firefox marks the pair in use itself, and has no transport that names it. */
type PairStats = RTCIceCandidatePairStats & { selected?: boolean };

type Kind = 'audio' | 'video';

/**
 * Reads what `RTCPeerConnection.getStats()` answered.
 *
 * @param previous the sample before it on the same connection: rates need two.
 */
export function readLinkSample(report: RTCStatsReport, previous?: LinkSample): LinkSample {
  const entries = [...report.values()] as RTCStats[];
  const sample: LinkSample = { atMs: entries[0]?.timestamp ?? 0, sent: {}, received: {} };
  const seconds = previous ? (sample.atMs - previous.atMs) / 1000 : 0;
  for (const entry of entries) {
    if (entry.type === 'outbound-rtp') {
      const stream = entry as RTCOutboundRtpStreamStats;
      const kind = stream.kind as Kind;
      // Where a sender has several streams, the last is the one in use.
      sample.sent[kind] = readSent(stream, report, previous?.sent[kind], seconds);
    }
    if (entry.type === 'inbound-rtp') {
      const stream = entry as RTCInboundRtpStreamStats;
      const kind = stream.kind as Kind;
      sample.received[kind] = readReceived(stream, report, previous?.received[kind], seconds);
    }
  }
  const received = Object.values(sample.received);
  return {
    ...sample,
    ...readPath(entries, report),
    ...known({
      sendBitsPerSecond: sum(Object.values(sample.sent).map((stream) => stream.bitsPerSecond)),
      receiveBitsPerSecond: sum(received.map((stream) => stream.bitsPerSecond)),
      lossShare: worst(received.map((stream) => stream.lossShare)),
      jitterMs: worst(received.map((stream) => stream.jitterMs)),
    }),
  };
}

function readSent(
  stream: RTCOutboundRtpStreamStats,
  report: RTCStatsReport,
  previous: SentStream | undefined,
  seconds: number,
): SentStream {
  const bytes = stream.bytesSent ?? 0;
  const theirs: RemoteInboundStats | undefined = stream.remoteId && report.get(stream.remoteId);
  const { frameWidth, frameHeight, framesPerSecond, qualityLimitationReason } = stream;
  return {
    bytes,
    ...known({
      codec: codecName(stream.codecId, report),
      bitsPerSecond: rate(bytes, previous?.bytes, seconds),
      lossShare: theirs?.fractionLost,
      jitterMs: toMs(theirs?.jitter),
      ...{ frameWidth, frameHeight, framesPerSecond, qualityLimitationReason },
    }),
  };
}

function readReceived(
  stream: RTCInboundRtpStreamStats,
  report: RTCStatsReport,
  previous: ReceivedStream | undefined,
  seconds: number,
): ReceivedStream {
  const bytes = stream.bytesReceived ?? 0;
  const packets = stream.packetsReceived ?? 0;
  const packetsLost = stream.packetsLost ?? 0;
  // Fewer than before: another stream took its place.
  const before = previous && previous.packets <= packets ? previous : undefined;
  // Late duplicates may take the number of lost packets down (RFC 3550, section 6.4.1).
  const lost = Math.max(0, packetsLost - (before?.packetsLost ?? 0));
  const expected = packets - (before?.packets ?? 0) + lost;
  const { frameWidth, frameHeight, framesPerSecond, freezeCount, framesDropped } = stream;
  return {
    ...{ bytes, packets, packetsLost },
    ...known({
      codec: codecName(stream.codecId, report),
      bitsPerSecond: rate(bytes, before?.bytes, seconds),
      lossShare: expected > 0 ? lost / expected : undefined,
      jitterMs: toMs(stream.jitter),
      freezes: freezeCount,
      ...{ frameWidth, frameHeight, framesPerSecond, framesDropped },
    }),
  };
}

function readPath(entries: readonly RTCStats[], report: RTCStatsReport): Partial<LinkSample> {
  const transport = entries.find(({ type }) => type === 'transport') as
    | RTCTransportStats
    | undefined;
  const pair: PairStats | undefined = transport?.selectedCandidatePairId
    ? report.get(transport.selectedCandidatePairId)
    : (entries as PairStats[]).find(({ type, selected }) => type === 'candidate-pair' && selected);
  if (!pair) return {};
  const local: IceCandidateStats | undefined = report.get(pair.localCandidateId);
  const remote: IceCandidateStats | undefined = report.get(pair.remoteCandidateId);
  return known({
    roundTripMs: toMs(pair.currentRoundTripTime),
    availableSendBitsPerSecond: pair.availableOutgoingBitrate,
    relayed:
      local && remote && [local, remote].some(({ candidateType }) => candidateType === 'relay'),
    protocol: oneOf(['udp', 'tcp'], local?.protocol),
    relayProtocol: oneOf(['udp', 'tcp', 'tls'], local?.relayProtocol),
    addressFamily: addressFamily(local?.address) ?? addressFamily(remote?.address),
  });
}

function addressFamily(address: string | null | undefined): 'IPv4' | 'IPv6' | undefined {
  if (address?.includes(':')) return 'IPv6';
  return address && /^[\d.]+$/.test(address) ? 'IPv4' : undefined;
}

function codecName(codecId: string | undefined, report: RTCStatsReport): string | undefined {
  const mimeType: string | undefined = codecId && report.get(codecId)?.mimeType;
  return mimeType?.split('/')[1];
}

function rate(bytes: number, before: number | undefined, seconds: number): number | undefined {
  if (before === undefined || before > bytes || seconds <= 0) return undefined;
  return ((bytes - before) * 8) / seconds;
}

function toMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

function oneOf<T extends string>(values: readonly T[], value: string | undefined): T | undefined {
  return values.find((known) => known === value);
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  const numbers = values.filter((value) => value !== undefined);
  return numbers.length > 0 ? numbers.reduce((total, value) => total + value, 0) : undefined;
}

function worst(values: readonly (number | undefined)[]): number | undefined {
  const numbers = values.filter((value) => value !== undefined);
  return numbers.length > 0 ? Math.max(...numbers) : undefined;
}

type Known<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function known<T extends object>(values: T): Known<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Known<T>;
}
