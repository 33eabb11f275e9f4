import { randomUUID } from 'node:crypto';
import { FakeMediaStreamTrack } from 'fake-mediastreamtrack';
import { Device } from 'mediasoup-client';
import * as fakeParameters from 'mediasoup-client/fakeParameters';
import { FakeHandler } from 'mediasoup-client/handlers/FakeHandler';
import { describe, expect, it, vi } from 'vitest';
import type { RelayProducer, RelayTransport } from '../../../../protocol/relay.ts';
import type { RelayApi } from '../../../../renderer/rooms/relay/relay-api.ts';
import { RelaySession } from '../../../../renderer/rooms/relay/relay-session.ts';

const MIME = { audio: 'audio/opus', video: 'video/VP8' } as const;

function producer(peerId: string, kind: 'audio' | 'video', height?: number): RelayProducer {
  return { producerId: randomUUID(), peerId, kind, paused: false, ...(height && { height }) };
}

/** A node that relays, as far as a session sees it; mediasoup-client's own fake makes the media. */
function relayOf(producers: RelayProducer[]) {
  const known = [...producers];
  const transport = () => fakeParameters.generateTransportRemoteParameters() as RelayTransport;
  const api = {
    open: vi.fn<RelayApi['open']>(async () => ({
      routerRtpCapabilities: fakeParameters.generateRouterRtpCapabilities() as never,
      send: transport(),
      receive: transport(),
      producers: known,
    })),
    connect: vi.fn<RelayApi['connect']>(async () => undefined),
    restartIce: vi.fn<RelayApi['restartIce']>(),
    produce: vi.fn<RelayApi['produce']>(async () => randomUUID()),
    consume: vi.fn<RelayApi['consume']>(async ({ producerIds }) =>
      known
        .filter(({ producerId }) => producerIds.includes(producerId))
        .map(({ producerId, peerId, kind }) => {
          const made = fakeParameters.generateConsumerRemoteParameters({
            codecMimeType: MIME[kind],
          });
          const { id: consumerId, rtpParameters } = made;
          return {
            consumerId: String(consumerId),
            producerId,
            peerId,
            kind,
            rtpParameters,
          } as never;
        }),
    ),
    updateConsumers: vi.fn<RelayApi['updateConsumers']>(async () => undefined),
  } satisfies RelayApi;
  return { api, known };
}

function sessionWith({ api }: { api: RelayApi }, kinds: ('audio' | 'video')[] = []) {
  const track = (kind: 'audio' | 'video') =>
    kinds.includes(kind)
      ? (new FakeMediaStreamTrack({ kind, settings: { height: 360 } }) as MediaStreamTrack)
      : undefined;
  const session = new RelaySession({
    selfPeerId: 'me',
    api,
    createDevice: () =>
      Device.factory({ handlerFactory: FakeHandler.createFactory(fakeParameters) }),
    frames: { open: () => undefined },
    tracks: { audio: track('audio'), video: track('video') },
    iceServers: [],
  });
  const told: string[] = [];
  session.on('track', ({ peerId, kind }) => told.push(`${peerId} ${kind}`));
  session.on('gone', ({ peerId, kind }) => told.push(`${peerId} ${kind} gone`));
  session.on('failed', ({ reason }) => told.push(`failed: ${reason}`));
  return { session, told };
}

describe('a session with a relay', () => {
  it('sends a microphone once, and a camera in three sizes', async () => {
    const relay = relayOf([]);
    const { session } = sessionWith(relay, ['audio', 'video']);
    await session.start();
    await vi.waitFor(() => expect(relay.api.produce).toHaveBeenCalledTimes(2));
    const [audio, video] = relay.api.produce.mock.calls.map(([request]) => request);
    expect(audio).toMatchObject({ kind: 'audio', rtpParameters: { codecs: [{ channels: 2 }] } });
    expect(audio).not.toHaveProperty('height');
    expect(video).toMatchObject({ kind: 'video', height: 360 });
    expect(video?.rtpParameters.encodings).toHaveLength(3);
    session.stop();
  });

  it('receives the others and never itself, and resumes them once it can show them', async () => {
    const relay = relayOf([producer('me', 'video'), producer('ada', 'audio')]);
    const { session, told } = sessionWith(relay);
    await session.start();
    await vi.waitFor(() => expect(told).toEqual(['ada audio']));
    const grace = producer('grace', 'video', 720);
    relay.known.push(grace);
    session.producersChanged(relay.known);
    await vi.waitFor(() => expect(told).toEqual(['ada audio', 'grace video']));
    const [request] = relay.api.consume.mock.calls.at(-1) ?? [];
    expect(request?.producerIds).toEqual([grace.producerId]);
    expect(relay.api.updateConsumers.mock.calls.map(([{ consumers }]) => consumers)).toMatchObject([
      [{ paused: false }],
      [{ paused: false }],
    ]);
    session.producersChanged([grace]);
    await vi.waitFor(() => expect(told.at(-1)).toBe('ada audio gone'));
    session.stop();
  });

  it('asks for as much of a picture as is shown, and for nothing twice', async () => {
    const relay = relayOf([producer('ada', 'video', 720), producer('ada', 'audio')]);
    const { session, told } = sessionWith(relay);
    await session.start();
    await vi.waitFor(() => expect(told).toHaveLength(2));
    relay.api.updateConsumers.mockClear();
    const asks = relay.api.updateConsumers;
    session.setShown('ada', 900);
    // Only the last of what changes at once counts.
    session.setShown('ada', 100);
    await vi.waitFor(() => expect(asks).toHaveBeenCalledTimes(1));
    session.setShown('ada', 110);
    session.setShown('nobody', 100);
    session.setShown('ada', 400);
    await vi.waitFor(() => expect(asks).toHaveBeenCalledTimes(2));
    session.setShown('ada', 0);
    await vi.waitFor(() => expect(asks).toHaveBeenCalledTimes(3));
    expect(
      relay.api.updateConsumers.mock.calls.map(([{ consumers }]) =>
        consumers.map(({ paused, spatialLayer }) => [paused, spatialLayer]),
      ),
    ).toEqual([[[false, 0]], [[false, 1]], [[true, 0]]]);
    session.stop();
  });

  it('says once that it is over when the node refuses, and asks nothing more', async () => {
    const relay = relayOf([]);
    relay.api.produce.mockRejectedValue(new Error('No.'));
    const { session, told } = sessionWith(relay, ['audio', 'video']);
    await session.start();
    await vi.waitFor(() => expect(told).toEqual(['failed: No.']));
    session.producersChanged([producer('grace', 'video')]);
    await new Promise((resolve) => setTimeout(resolve));
    expect(relay.api.consume).not.toHaveBeenCalled();
    expect(told).toEqual(['failed: No.']);
  });

  it('rejects with the node’s refusal to open it', async () => {
    const relay = relayOf([]);
    relay.api.open.mockRejectedValue(new Error('This room is not relayed.'));
    await expect(sessionWith(relay).session.start()).rejects.toThrow('not relayed');
  });
});
