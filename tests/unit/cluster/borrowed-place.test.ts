import { describe, expect, it } from 'vitest';
import { BorrowedPlace } from '../../../main/cluster/borrowed-place.ts';
import type { PlaceMethod } from '../../../main/relay/relay-place.ts';

const PRODUCER = '7a1c7a0e-4f3b-4a66-9b6b-0d5b8f1f2a10';
const PEER = 'peer_ABCDEFGHJKLMNPQR';
const TRANSPORT = {
  id: '7a1c7a0e-4f3b-4a66-9b6b-0d5b8f1f2a11',
  iceParameters: { usernameFragment: 'u', password: 'p' },
  iceCandidates: [],
  dtlsParameters: {
    fingerprints: [{ algorithm: 'sha-256', value: Array(32).fill('AB').join(':') }],
  },
};

/** A place on a node that can be out of reach, and what it heard. */
function placeElsewhere() {
  const heard: [PlaceMethod, unknown[]][] = [];
  const elsewhere = { isAway: false };
  const place = new BorrowedPlace({
    placeId: 'place',
    routerRtpCapabilities: { codecs: [], headerExtensions: [] },
    ask: async (method, args) => {
      if (elsewhere.isAway) throw new Error('It does not answer.');
      heard.push([method, JSON.parse(args)]);
      return JSON.stringify(method === 'openPeer' ? { send: TRANSPORT, receive: TRANSPORT } : null);
    },
    closed: () => undefined,
  });
  return { place, heard, elsewhere };
}

describe('a place on another node', () => {
  it('hears the last word of what it missed, once it can be reached', async () => {
    const { place, heard, elsewhere } = placeElsewhere();
    elsewhere.isAway = true;
    const missed = [
      place.setPaused(PRODUCER, true),
      place.setPaused(PRODUCER, false),
      place.closePeer(PEER),
    ];
    expect((await Promise.allSettled(missed)).map(({ status }) => status)).toEqual(
      Array(3).fill('rejected'),
    );
    elsewhere.isAway = false;
    place.sayAnew();
    await expect
      .poll(() => heard)
      .toEqual([
        ['setPaused', [PRODUCER, false]],
        ['closePeer', [PEER]],
      ]);
    place.sayAnew();
    expect(heard).toHaveLength(2);
  });

  it('is not told to end what was begun anew meanwhile', async () => {
    const { place, heard, elsewhere } = placeElsewhere();
    elsewhere.isAway = true;
    await expect(place.closePeer(PEER)).rejects.toThrow('does not answer');
    elsewhere.isAway = false;
    await place.openPeer(PEER);
    place.sayAnew();
    expect(heard.map(([method]) => method)).toEqual(['openPeer']);
  });

  it('is believed only what makes sense', async () => {
    const place = new BorrowedPlace({
      placeId: 'place',
      routerRtpCapabilities: { codecs: [], headerExtensions: [] },
      ask: async () => JSON.stringify({ send: 'rubbish' }),
      closed: () => undefined,
    });
    await expect(place.openPeer(PEER)).rejects.toThrow();
  });
});
