import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { acquireMedia } from '../../../renderer/media/devices.ts';
import { switchDevices } from '../../../renderer/media/switch-device.ts';

type Kind = 'video' | 'audio';

/** A machine whose devices fail as told. */
function machine(failing: Partial<Record<Kind, string>>, denied: readonly string[] = []) {
  const asked: string[] = [];
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('MediaStream', FakeStream);
  vi.stubGlobal('navigator', {
    mediaDevices: {
      getUserMedia: async (wanted: Partial<Record<Kind, unknown>>) => {
        const kinds = (['video', 'audio'] as const).filter((kind) => wanted[kind]);
        asked.push(kinds.join('+'));
        for (const kind of kinds) {
          const name = failing[kind];
          if (name) throw new DOMException('', name);
        }
        return new FakeStream(kinds.map((kind) => ({ kind })));
      },
    },
    permissions: {
      query: async ({ name }: { name: string }) => ({
        state: denied.includes(name) ? 'denied' : 'prompt',
      }),
    },
  });
  return asked;
}

class FakeStream {
  readonly #tracks: { kind: string }[];

  constructor(tracks: { kind: string }[]) {
    this.#tracks = tracks;
  }

  getTracks() {
    return this.#tracks;
  }
}

const BOTH = { video: true, audio: true };

async function got(wanted = BOTH) {
  const { stream, problems } = await acquireMedia(wanted);
  return {
    kinds: stream.getTracks().map(({ kind }) => kind),
    problems: problems.map(({ code }) => code),
  };
}

beforeEach(() => {
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('camera and microphone', () => {
  it('are opened together', async () => {
    const asked = machine({});
    expect(await got()).toEqual({ kinds: ['video', 'audio'], problems: [] });
    expect(asked).toEqual(['video+audio']);
  });

  it('without a camera the microphone goes on alone, with a notice', async () => {
    machine({ video: 'NotFoundError' });
    expect(await got()).toEqual({ kinds: ['audio'], problems: ['camera-missing'] });
  });

  it('with the microphone in use elsewhere the camera goes on alone, with a notice', async () => {
    machine({ audio: 'NotReadableError' });
    expect(await got()).toEqual({ kinds: ['video'], problems: ['microphone-busy'] });
  });

  it('with the camera alone blocked the microphone goes on', async () => {
    machine({ video: 'NotAllowedError' }, ['camera']);
    expect(await got()).toEqual({ kinds: ['audio'], problems: ['camera-refused'] });
  });

  it('somebody who refused both is not asked again', async () => {
    const asked = machine({ video: 'NotAllowedError', audio: 'NotAllowedError' });
    await expect(got()).rejects.toMatchObject({ code: 'camera-refused' });
    expect(asked).toEqual(['video+audio']);
  });

  it('where there is neither, the camera is named', async () => {
    machine({ video: 'NotFoundError', audio: 'NotFoundError' });
    await expect(got()).rejects.toMatchObject({ code: 'camera-missing' });
  });

  it('on an insecure page there is nothing to ask', async () => {
    machine({});
    vi.stubGlobal('isSecureContext', false);
    await expect(got()).rejects.toMatchObject({ code: 'insecure-page' });
  });

  it('a browser without access to devices says so', async () => {
    machine({});
    vi.stubGlobal('navigator', {});
    await expect(got()).rejects.toMatchObject({ code: 'media-unsupported' });
  });

  it('asked for the microphone alone, the camera stays off', async () => {
    const asked = machine({});
    expect(await got({ video: false, audio: true })).toEqual({ kinds: ['audio'], problems: [] });
    expect(asked).toEqual(['audio']);
  });
});

describe('another device', () => {
  const track = (kind: Kind, readyState = 'live') => ({
    ...{ kind, readyState, stop: () => undefined },
  });
  const streamOf = (...tracks: object[]) => ({ getTracks: () => tracks }) as unknown as MediaStream;

  it('takes the place of one, and the other stays the same', async () => {
    const asked = machine({});
    const camera = track('video');
    const stream = await switchDevices(streamOf(camera, track('audio')), { microphone: 'usb' });
    expect(asked).toEqual(['audio']);
    expect(stream.getTracks()[0]).toBe(camera);
    expect(stream.getTracks().map(({ kind }) => kind)).toEqual(['video', 'audio']);
  });

  it('that can’t be had changes nothing', async () => {
    machine({ audio: 'NotReadableError' });
    const before = streamOf(track('video'), track('audio'));
    await expect(switchDevices(before, { microphone: 'usb' })).rejects.toMatchObject({
      code: 'microphone-busy',
    });
  });

  it('does not keep one that is gone', async () => {
    machine({});
    const gone = streamOf(track('video', 'ended'), track('audio'));
    const stream = await switchDevices(gone, { microphone: 'usb' });
    expect(stream.getTracks().map(({ kind }) => kind)).toEqual(['audio']);
  });
});
