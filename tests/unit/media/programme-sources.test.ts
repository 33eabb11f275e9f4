import { describe, expect, it } from 'vitest';
import {
  diffTracks,
  initialsOf,
  type ProgrammeSource,
  tilesOf,
  tracksOf,
} from '../../../renderer/media/programme-sources.ts';

function track(kind: string, readyState = 'live'): MediaStreamTrack {
  return { kind, readyState } as MediaStreamTrack;
}

const camera = track('video');
const microphone = track('audio');
const ada: ProgrammeSource = {
  peerId: 'ada',
  name: 'Ada Lovelace',
  video: camera,
  audio: microphone,
  videoMuted: false,
  audioMuted: false,
  local: true,
};

describe('what of a participant is recorded', () => {
  it('is picture and sound', () => {
    expect(tilesOf([ada])).toEqual([
      { id: 'ada', name: 'Ada Lovelace', initials: 'AL', showVideo: true },
    ]);
    expect(tracksOf([ada], 'audio')).toEqual([{ id: 'ada', track: microphone, local: true }]);
  });

  it('is initials and silence when both are muted', () => {
    const muted = { ...ada, videoMuted: true, audioMuted: true };
    expect(tilesOf([muted])[0]?.showVideo).toBe(false);
    expect(tracksOf([muted], 'audio')).toEqual([]);
  });

  it('is initials for somebody who brought no camera', () => {
    const { video: _none, ...listening } = ada;
    expect(tilesOf([listening])[0]?.showVideo).toBe(false);
    expect(tracksOf([listening], 'video')).toEqual([]);
  });

  it('is nothing of a track that has ended', () => {
    expect(tracksOf([{ ...ada, audio: track('audio', 'ended') }], 'audio')).toEqual([]);
  });
});

describe('following who comes and goes', () => {
  const current = new Map([['ada', camera]]);

  it('changes nothing for those who stay', () => {
    expect(diffTracks(current, [{ id: 'ada', track: camera, local: true }])).toEqual({
      remove: [],
      add: [],
    });
  });

  it('takes out who left and puts in who came', () => {
    const came = { id: 'lin', track: track('video'), local: false };
    expect(diffTracks(current, [came])).toEqual({ remove: ['ada'], add: [came] });
  });

  it('exchanges a camera for another one', () => {
    const switched = { id: 'ada', track: track('video'), local: true };
    expect(diffTracks(current, [switched])).toEqual({ remove: ['ada'], add: [switched] });
  });
});

it('initials are of the first and last word', () => {
  expect(initialsOf('ada king of lovelace')).toBe('AL');
  expect(initialsOf('Ada')).toBe('A');
  expect(initialsOf('李 小龍')).toBe('李小');
  expect(initialsOf('  ')).toBe('?');
});
