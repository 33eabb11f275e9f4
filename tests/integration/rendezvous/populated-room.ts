import { callerOf } from '../../../main/identity/create-access.ts';
import type { Caller } from '../../../main/rendezvous/access.ts';
import { moderationText } from '../../../protocol/moderation-text.ts';
import { guestOf, memberOf, startNode, type TestMember, type TestNode } from './node.ts';

/** Everybody who may ask something of a node, as seen from one room. */
export const ROLES = [
  'nobody',
  'guest outside',
  'guest listener',
  'speaker',
  'cohost',
  'host',
  'banned',
  'host elsewhere',
] as const;
export type RoleName = (typeof ROLES)[number];

type Somebody = Exclude<RoleName, 'nobody'> | 'target' | 'knocker';

/** A node with one person for each role. */
export async function populatedNode() {
  const node = await startNode();
  const people = new Map<Somebody, TestMember>();
  const callers = new Map<Somebody, Caller>();
  const names: Somebody[] = [...ROLES.filter((name) => name !== 'nobody'), 'target', 'knocker'];
  for (const name of names) {
    const handle = name.replace(' ', '-');
    const person = await (name.startsWith('guest')
      ? guestOf(node, handle)
      : memberOf(node, handle));
    people.set(name, person);
    callers.set(name, callerOf(await node.tokens.verifySession(person.token)));
  }
  const caller = (name: Somebody) => {
    const found = callers.get(name);
    if (!found) throw new Error(`There is no ${name}.`);
    return found;
  };
  return {
    node,
    caller,
    /** `undefined` for nobody. */
    person: (name: RoleName | Somebody) => people.get(name as Somebody),
  };
}

export type PopulatedRoom = ReturnType<typeof populatedRoom>;

/** An invite-only room with everybody in it whom the roles say to be in it, and a target to act on. */
export function populatedRoom(node: TestNode, caller: (name: Somebody) => Caller) {
  const { registry } = node;
  const about = { context: 'profile', title: 'Table', visibility: 'invite-only' } as const;
  const elsewhere = registry.create(caller('host elsewhere'), about);
  registry.people.join(elsewhere.roomId, caller('host elsewhere'));

  const room = registry.create(caller('host'), about);
  const { roomId } = room;
  const peers = new Map<Somebody, string>();
  const enter = (name: Somebody, role: 'listener' | 'speaker' | 'cohost') => {
    const [invite] = registry.invites.mint(roomId, [{ role }]);
    const inviteId = invite?.inviteId ?? '';
    peers.set(name, registry.people.join(roomId, caller(name), { inviteId }).peerId);
    return inviteId;
  };
  peers.set('host', registry.people.join(roomId, caller('host')).peerId);
  enter('guest listener', 'listener');
  enter('speaker', 'speaker');
  enter('cohost', 'cohost');
  enter('banned', 'speaker');
  const inviteId = enter('target', 'speaker');
  const ban = {
    eventId: `mod_${'b'.repeat(16)}`,
    roomId,
    ...{ lamport: 1, at: new Date(node.clock.nowMs).toISOString(), action: 'ban' as const },
    ...{ targetPeerId: peers.get('banned') ?? '', targetUserId: caller('banned').userId },
    actor: { userId: caller('host').userId, role: 'host' as const },
  };
  registry.moderation.apply(roomId, { ...ban, ...node.tokens.signText(moderationText(ban)) });
  const { peerId: knockPeer } = registry.knocks.knock(roomId, caller('knocker'));
  const post = node.feed.publishStream({
    ...{ room: registry.require(roomId), author: room.host },
    ...{ title: 'Table', description: '', tags: [] },
    allowedUserIds: registry.admittedUserIds(roomId),
  });
  return {
    ...{ roomId, peers, inviteId, knockPeer, postId: post.postId },
    target: peers.get('target') ?? '',
  };
}
