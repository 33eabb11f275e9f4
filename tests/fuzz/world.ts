import { REOPEN_WINDOW_MS } from '../../main/rendezvous/room-lifecycle.ts';
import {
  guestOf,
  memberOf,
  type TestMember,
  type TestNode,
} from '../integration/rendezvous/node.ts';

const MEMBERS = ['host', 'cohost', 'speaker', 'listener', 'knocker', 'banned', 'other'] as const;

export type People = Record<(typeof MEMBERS)[number] | 'guest', TestMember>;

/** Rooms with somebody in each role, and everything in them that a request could name. */
export interface World {
  people: readonly TestMember[];
  /** The peers of each of the people, as far as they are in rooms. */
  peersOf: ReadonlyMap<TestMember, readonly string[]>;
  /** Ids, tokens and tickets. */
  strings: readonly string[];
  /** The same by the property they came in, and signed acts as `event`. */
  values: ReadonlyMap<string, readonly unknown[]>;
}

/** Somebody for each role, once for a node: they come back to every world. */
export async function newPeople(node: TestNode): Promise<People> {
  const people: Partial<People> = { guest: await guestOf(node, 'passer-by') };
  for (const name of MEMBERS) people[name] = await memberOf(node, name);
  return people as People;
}

/** Makes a world of rooms, invitations, knocks, bans, posts and a project. @param known what else can be named */
export async function newWorld(
  node: TestNode,
  { guest, ...members }: People,
  known: readonly string[],
): Promise<World> {
  const { host, cohost, speaker, listener, knocker, banned, other } = members;
  for (const member of Object.values(members)) await member.signIn();
  await guest.signIn({ guest: true });
  const people = [...Object.values(members), guest];
  const strings = new Set<string>([...known, ...people.map(({ handle }) => handle)]);
  const values = new Map<string, unknown[]>();
  const peersOf = new Map<TestMember, string[]>();
  /** Remembers every text of an answer that somebody could send back. */
  const remember = (value: object): void => {
    for (const [name, member] of Object.entries(value)) {
      if (typeof member === 'object' && member) remember(member);
      if (typeof member !== 'string') continue;
      strings.add(member);
      values.set(name, [...(values.get(name) ?? []), member]);
    }
  };
  const call = async (who: TestMember, path: string, body: object) => {
    const { status, json, text } = await who.call('POST', path, body);
    if (status >= 400) throw new Error(`${who.handle} at ${path}: ${text}`);
    remember(json);
    if (json.peerId) peersOf.set(who, [...(peersOf.get(who) ?? []), json.peerId]);
    return json;
  };
  const project = await call(host, '/api/projects', { name: 'Garden' });
  const roles = ['cohost', 'speaker', 'listener', 'speaker'].map((role) => ({ role }));
  const closed = await call(host, '/api/signaling/rooms', {
    ...{ context: 'project', projectId: project.project.projectId, title: 'Table' },
    ...{ visibility: 'invite-only', invitees: roles },
  });
  const open = await call(other, '/api/signaling/rooms', {
    ...{ context: 'profile', title: 'Square', visibility: 'public' },
  });
  const at = (room: { room: { roomId: string } }, rest: string) =>
    `/api/signaling/rooms/${room.room.roomId}/${rest}`;
  const tokens = closed.invites.map(({ token }: { token: string }) => token);
  for (const [index, one] of [cohost, speaker, listener, banned].entries()) {
    await call(one, at(closed, 'join'), { invitationToken: tokens[index] });
  }
  await call(knocker, at(closed, 'join'), { knock: true });
  for (const one of [guest, host]) await call(one, at(open, 'join'), {});
  const about = {
    roomId: closed.room.roomId,
    targetPeerId: peersOf.get(banned)?.[0] ?? '',
    targetUserId: banned.userId,
  };
  const events = (['mute', 'ban', 'unban', 'promote', 'remove'] as const).map((action) =>
    host.moderation(closed.meshTicket, {
      ...{ ...about, action, at: new Date(node.clock.nowMs).toISOString() },
      ...(action === 'mute' && { scope: 'audio' }),
      ...(action === 'promote' && { role: 'cohost' }),
    }),
  );
  await call(host, at(closed, 'moderation'), {
    ...{ action: 'ban', targetPeerId: about.targetPeerId, event: events[1] },
  });
  await call(other, at(open, 'promote'), {});
  await call(host, '/api/posts', { kind: 'text', context: 'profile', text: 'Hello' });
  for (const { token, publicKey, userId } of people) remember({ token, publicKey, userId });
  remember(events);
  values.set('event', events);
  values.set('invitationToken', tokens);
  return { people, peersOf, strings: [...strings], values };
}

/** Ends every room, and lets as much time pass as a node remembers them. */
export function endOfTheWorld(node: TestNode): void {
  for (const { roomId } of node.registry.open()) node.registry.end(roomId, 'ended-by-host');
  node.clock.advance(REOPEN_WINDOW_MS);
  node.tick();
}
