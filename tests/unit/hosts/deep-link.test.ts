import { describe, expect, it } from 'vitest';
import { linkAmong, routeOfLink } from '../../../main/hosts/electron/deep-link.ts';

const ROOM = 'room_abcdefghij12';
const INVITE = 'eyJhbGciOiJFZERTQSJ9.eyJyb29tIjoieCJ9.c2lnbmF0dXJl';

describe('a link that opens the app', () => {
  it('leads to its room, with its invitation', () => {
    expect(routeOfLink(`swarmstudio://join/${ROOM}#invite=${INVITE}`)).toBe(
      `/join/${ROOM}#invite=${INVITE}`,
    );
    expect(routeOfLink(`swarmstudio://join/${ROOM}`)).toBe(`/join/${ROOM}`);
  });

  it('leads to a room of another node, over https', () => {
    expect(
      routeOfLink(`swarmstudio://join/${ROOM}?node=https://rooms.example/x#invite=${INVITE}`),
    ).toBe(`/join/${ROOM}?node=https%3A%2F%2Frooms.example#invite=${INVITE}`);
  });

  it.each([
    [`watch/${ROOM}`, `/watch/${ROOM}`],
    [`replay/${ROOM}?t=1m23s`, `/replay/${ROOM}?t=83`],
    [
      `replay/${ROOM}?recording=rec_abcdefghij12&t=83&post=post_abcdefghij12`,
      `/replay/${ROOM}?post=post_abcdefghij12&recording=rec_abcdefghij12&t=83`,
    ],
    ['post/post_abcdefghij12', '/post/post_abcdefghij12'],
    ['p/proj_abcdefghij12', '/p/proj_abcdefghij12'],
    ['u/sam', '/u/sam'],
    [
      `replay/${ROOM}?t=83&node=https://rooms.example`,
      `/replay/${ROOM}?t=83&node=https%3A%2F%2Frooms.example`,
    ],
  ])('leads to %s', (link, route) => {
    expect(routeOfLink(`swarmstudio://${link}`)).toBe(route);
  });

  it('brings nothing else along', () => {
    expect(routeOfLink(`swarmstudio://join/${ROOM}?secret=1&x=<b>#invite=${INVITE}&secret=2`)).toBe(
      `/join/${ROOM}#invite=${INVITE}`,
    );
  });

  it.each([
    ['another scheme', `https://join/${ROOM}`],
    ['another place', `swarmstudio://settings/${ROOM}`],
    ['no room', 'swarmstudio://join/'],
    ['something else for a room', 'swarmstudio://join/..%2f..%2fsettings'],
    ['a room and more', `swarmstudio://join/${ROOM}/extra`],
    ['an invitation that is none', `swarmstudio://join/${ROOM}#invite=%3Cscript%3E`],
    ['an empty invitation', `swarmstudio://join/${ROOM}#invite=`],
    ['an endless invitation', `swarmstudio://join/${ROOM}#invite=${'a'.repeat(3000)}`],
    ['a node in the open', `swarmstudio://join/${ROOM}?node=http://rooms.example`],
    ['a time that is none', `swarmstudio://replay/${ROOM}?t=soon`],
    ['a recording that is none', `swarmstudio://replay/${ROOM}?recording=../x`],
    ['a page of the language’s own', `swarmstudio://constructor/${ROOM}`],
    ['a broken escape', 'swarmstudio://u/%E0%A4%A'],
    ['no address at all', 'swarmstudio'],
    ['a script', 'javascript:alert(1)'],
  ])('is refused with %s', (_reason, link) => {
    expect(routeOfLink(link)).toBeUndefined();
  });

  it('is found among the words of a command line', () => {
    const link = `swarmstudio://join/${ROOM}`;
    expect(linkAmong(['/usr/bin/app', '--json', link])).toBe(link);
    expect(linkAmong(['/usr/bin/app', '--json'])).toBeUndefined();
  });
});
