import { describe, expect, it } from 'vitest';
import { readMoment } from '../../../protocol/moment.ts';
import { readPageLink, routeOfPage } from '../../../protocol/page-link.ts';

const ROOM = 'room_abcdefghij12';
const INVITE = 'eyJhbGciOiJFZERTQSJ9.eyJyb29tIjoieCJ9.c2lnbmF0dXJl';

describe('a link to a page', () => {
  it('is read from a node’s address and from the app’s own', () => {
    const page = { origin: 'https://rooms.example', path: `/join/${ROOM}#invite=${INVITE}` };
    expect(readPageLink(`https://rooms.example/join/${ROOM}#invite=${INVITE}`)).toEqual(page);
    expect(readPageLink(`swarmstudio:/${routeOfPage(page)}`)).toEqual(page);
    expect(readPageLink(`swarmstudio://join/${ROOM}`)).toEqual({ path: `/join/${ROOM}` });
    expect(readPageLink(`http://127.0.0.1:4600/replay/${ROOM}?t=1:23&x=1`)).toEqual({
      origin: 'http://127.0.0.1:4600',
      path: `/replay/${ROOM}?t=83`,
    });
  });

  it.each([
    'https://rooms.example/',
    `https://rooms.example/room/${ROOM}`,
    `https://rooms.example/join/${ROOM}/more`,
    'https://rooms.example/join/room_x',
    `https://rooms.example/join/${ROOM}#invite=%3Cscript%3E`,
    `http://rooms.example/join/${ROOM}`,
    `ftp://rooms.example/join/${ROOM}`,
    `swarmstudio://join/${ROOM}?node=http://rooms.example`,
    `swarmstudio://join/${ROOM}?node=rooms`,
    'no link at all',
  ])('is not %j', (text) => {
    expect(readPageLink(text)).toBeUndefined();
  });
});

describe('a time in a link', () => {
  it.each([
    ['83', 83],
    ['83s', 83],
    ['1m23s', 83],
    ['1h2m3s', 3723],
    ['2m', 120],
    ['1:23', 83],
    ['1:02:03', 3723],
    ['0', 0],
    ['12.5', 12.5],
    [83, 83],
  ])('%j is %d seconds', (text, seconds) => {
    expect(readMoment(text)).toBe(seconds);
  });

  it.each(['', 'soon', '-1', '1:2', '1e9', '9'.repeat(30), 1e12, Number.NaN, null, {}])(
    '%j is none',
    (text) => {
      expect(readMoment(text)).toBeUndefined();
    },
  );
});
