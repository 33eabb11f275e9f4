import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_FOLLOWED_FEEDS } from '../../../protocol/messages.ts';
import {
  guestOf,
  memberOf,
  startNode,
  type TestMember,
  type TestNode,
  type TestSocket,
} from '../rendezvous/node.ts';

let node: TestNode;
let ann: TestMember;
let bob: TestMember;
const sockets: TestSocket[] = [];

beforeEach(async () => {
  node = await startNode();
  ann = await memberOf(node, 'ann');
  bob = await memberOf(node, 'bob');
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.raw.close();
  await node.close();
});

async function follower(who: TestMember, feed: object = { profile: 'ann' }): Promise<TestSocket> {
  const socket = await who.socket();
  sockets.push(socket);
  socket.send({ type: 'feed:follow', feed, requestId: '1' });
  expect(await socket.next('feed:followed')).toMatchObject({ feed, requestId: '1' });
  return socket;
}

async function post(text: string, more: object = {}): Promise<string> {
  const answer = await ann.call('POST', '/api/posts', { text, context: 'profile', ...more });
  return answer.json.post.postId;
}

/** Types of all that was said of posts and live rooms. */
function news({ received }: TestSocket): string[] {
  return received.map(({ type }) => type).filter((type) => /^(post|room):/.test(type));
}

describe('who follows a feed', () => {
  it('hears of new, changed and deleted posts, in order', async () => {
    const socket = await follower(bob);
    const postId = await post('Hello');
    await ann.call('PATCH', `/api/posts/${postId}`, { text: 'Bye' });
    await ann.call('DELETE', `/api/posts/${postId}`);
    expect(await socket.next('post:created')).toMatchObject({ post: { postId, text: 'Hello' } });
    expect(await socket.next('post:updated')).toMatchObject({ post: { postId, text: 'Bye' } });
    expect(await socket.next('post:deleted')).toMatchObject({ postId });
    expect(news(socket)).toEqual(['post:created', 'post:updated', 'post:deleted']);
  });

  it('hears a live room’s every state, and how many watch it', async () => {
    const socket = await follower(bob);
    const { room } = await ann.createRoom();
    await ann.call('POST', `/api/signaling/rooms/${room.roomId}/promote`, { title: 'Tonight' });
    const created = await socket.next('post:created');
    expect(created.post).toMatchObject({ kind: 'stream', liveStatus: 'live', title: 'Tonight' });
    expect(await socket.next('room:status')).toMatchObject({ concurrentViewers: 0 });
    await bob.join(room.roomId);
    const late = await follower(await memberOf(node, 'cleo'));
    expect(await late.next('room:status')).toMatchObject({ roomId: room.roomId });
    await ann.call('DELETE', `/api/signaling/rooms/${room.roomId}`);
    expect((await late.next('post:updated')).post).toMatchObject({ liveStatus: 'ended' });
    expect(await late.next('room:status')).toMatchObject({ liveStatus: 'ended' });
  });

  it('hears nothing of what is not for them, nor of other feeds, nor after they left it', async () => {
    const guest = await follower(await guestOf(node, 'guest-1'));
    const gone = await follower(bob);
    gone.send({ type: 'feed:unfollow', feed: { profile: 'ann' }, requestId: '2' });
    await gone.next('feed:unfollowed');
    const elsewhere = await follower(bob, { profile: 'bob' });
    const hidden = await post('for members', { visibility: 'followers' });
    await ann.call('PATCH', `/api/posts/${hidden}`, { text: 'still for members' });
    await ann.call('DELETE', `/api/posts/${hidden}`);
    const { room } = await ann.createRoom({ visibility: 'invite-only' });
    await ann.call('POST', `/api/signaling/rooms/${room.roomId}/promote`, { title: 'Hidden' });
    node.clock.advance(15_000);
    node.tick();
    await post('for all');
    expect((await guest.next('post:created')).post.text).toBe('for all');
    await gone.settled();
    await elsewhere.settled();
    expect(news(guest)).toEqual(['post:created']);
    expect(news(gone)).toEqual([]);
    expect(news(elsewhere)).toEqual([]);
  });

  it('is told which feeds there are not, and how many are too many', async () => {
    const socket = await follower(bob);
    socket.send({ type: 'feed:follow', feed: { profile: 'nobody' }, requestId: 'a' });
    expect(await socket.next('error')).toMatchObject({ code: 'not-found', requestId: 'a' });
    const projectId = `proj_${'x'.repeat(16)}`;
    socket.send({ type: 'feed:follow', feed: { projectId }, requestId: 'b' });
    expect(await socket.next('error')).toMatchObject({ code: 'project-not-found' });
    for (let i = 1; i < MAX_FOLLOWED_FEEDS; i++) {
      const { json } = await ann.call('POST', '/api/projects', { name: `Project ${i}` });
      const feed = { projectId: json.project.projectId };
      socket.send({ type: 'feed:follow', feed });
      await socket.next('feed:followed');
    }
    socket.send({ type: 'feed:follow', feed: { profile: 'bob' }, requestId: 'c' });
    expect(await socket.next('error')).toMatchObject({ code: 'rate-limited', requestId: 'c' });
    socket.send({ type: 'feed:follow', feed: { profile: 'ann' }, requestId: 'again' });
    expect(await socket.next('feed:followed')).toMatchObject({ requestId: 'again' });
  });
});
