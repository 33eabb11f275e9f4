import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isNonceFor } from '../../../main/identity/audience-mark.ts';
import { guestOf, memberOf, startNode, type TestNode } from '../rendezvous/node.ts';

let node: TestNode;
beforeEach(async () => {
  node = await startNode();
});
afterEach(() => node.close());

describe('a session', () => {
  it('is given to who holds the key, with all scopes for a member', async () => {
    const ann = await memberOf(node, 'ann');
    const again = await ann.signIn();
    expect(again.json).toMatchObject({
      userId: ann.userId,
      handle: 'ann',
      scopes: ['stream:create', 'stream:join', 'stream:moderate', 'post:write'],
    });
  });

  it('lets a guest join rooms and nothing else', async () => {
    const guest = await guestOf(node, 'guest-1');
    const rooms = await guest.call('POST', '/api/signaling/rooms', {
      context: 'profile',
      title: 'x',
      visibility: 'public',
    });
    expect(rooms).toMatchObject({ status: 403, json: { code: 'forbidden' } });
    const posts = await guest.call('POST', '/api/posts', { text: 'hi', context: 'profile' });
    expect(posts).toMatchObject({ status: 403, json: { code: 'forbidden' } });
  });

  it('is refused for a signature by another key', async () => {
    const ann = await memberOf(node, 'ann');
    const eve = await memberOf(node, 'eve');
    const { json: challenge } = await node.request('POST', '/api/session/challenge', {
      publicKey: ann.publicKey,
    });
    const answer = await node.request('POST', '/api/session', {
      challengeId: challenge.challengeId,
      publicKey: ann.publicKey,
      signature: eve.sign(challenge.nonce),
      handle: 'ann',
      displayName: 'Ann',
    });
    expect(answer).toMatchObject({ status: 401, json: { code: 'auth-failed' } });
  });

  it('is opened with a nonce that names this node for who asks by one of its addresses', async () => {
    const { publicKey } = await memberOf(node, 'ann');
    const ask = (audience: string) =>
      node.request('POST', '/api/session/challenge', { publicKey, audience });
    const { json: challenge } = await ask(node.url);
    expect(isNonceFor(node.url, challenge.nonce)).toBe(true);
    expect(isNonceFor('https://elsewhere.example', challenge.nonce)).toBe(false);
    expect(await ask('https://elsewhere.example')).toMatchObject({
      status: 403,
      json: { code: 'origin-refused' },
    });
  });

  it('can’t be opened twice with one answered challenge', async () => {
    const ann = await memberOf(node, 'ann');
    const { json: challenge } = await node.request('POST', '/api/session/challenge', {
      publicKey: ann.publicKey,
    });
    const body = {
      challengeId: challenge.challengeId,
      publicKey: ann.publicKey,
      signature: ann.sign(challenge.nonce),
      handle: 'ann',
      displayName: 'Ann',
    };
    expect((await node.request('POST', '/api/session', body)).status).toBe(200);
    expect((await node.request('POST', '/api/session', body)).json.code).toBe('auth-failed');
  });

  it('is refused when the challenge was answered too late', async () => {
    const ann = await memberOf(node, 'ann');
    const { json: challenge } = await node.request('POST', '/api/session/challenge', {
      publicKey: ann.publicKey,
    });
    node.clock.advance(60_000);
    const answer = await node.request('POST', '/api/session', {
      challengeId: challenge.challengeId,
      publicKey: ann.publicKey,
      signature: ann.sign(challenge.nonce),
      handle: 'ann',
      displayName: 'Ann',
    });
    expect(answer.json.code).toBe('auth-failed');
  });

  it('is the same member’s however the key is spelled', async () => {
    const ann = await memberOf(node, 'ann');
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(ann.publicKey.slice(-1));
    const respelled = ann.publicKey.slice(0, -1) + alphabet[last + 1];
    const { json: challenge } = await node.request('POST', '/api/session/challenge', {
      publicKey: respelled,
    });
    const answer = await node.request('POST', '/api/session', {
      challengeId: challenge.challengeId,
      publicKey: respelled,
      signature: ann.sign(challenge.nonce),
      handle: 'ann',
      displayName: 'Ann',
    });
    expect(answer.json.userId).toBe(ann.userId);
  });

  it('can be renewed while it is valid, and not after', async () => {
    const ann = await memberOf(node, 'ann');
    const first = ann.token;
    node.clock.advance(14 * 60_000);
    const renewed = await ann.call('POST', '/api/session/renew');
    expect(renewed.json).toMatchObject({ userId: ann.userId, handle: 'ann' });
    node.clock.advance(2 * 60_000);
    const headers = { authorization: `Bearer ${first}` };
    const late = await node.request('POST', '/api/session/renew', undefined, headers);
    expect(late).toMatchObject({ status: 401, json: { code: 'auth-failed' } });
    ann.token = renewed.json.token;
    expect((await ann.call('POST', '/api/session/renew')).status).toBe(200);
  });

  it('is needed to renew one', async () => {
    const answer = await node.request('POST', '/api/session/renew');
    expect(answer).toMatchObject({ status: 401, json: { code: 'auth-required' } });
  });

  it.each(['Basic abc', 'Bearer', 'Bearer not-a-token', 'Bearer a b'])(
    'is not what the header %j holds',
    async (authorization) => {
      const answer = await node.request('GET', '/api/signaling/rooms', undefined, {
        authorization,
      });
      expect(answer).toMatchObject({ status: 401, json: { code: 'auth-failed' } });
    },
  );
});

describe('a handle', () => {
  it('belongs to the first key that took it', async () => {
    await memberOf(node, 'ann');
    const other = await memberOf(node, 'other');
    const answer = await other.signIn({ handle: 'ann' });
    expect(answer).toMatchObject({ status: 409, json: { code: 'handle-taken' } });
  });

  it('of a member can’t be worn by a guest', async () => {
    await memberOf(node, 'ann');
    const guest = await guestOf(node, 'guest-1');
    const answer = await guest.signIn({ handle: 'ann', guest: true });
    expect(answer.json.code).toBe('handle-taken');
  });

  it('of a guest is not reserved', async () => {
    await guestOf(node, 'carol');
    const member = await memberOf(node, 'carol');
    expect(member.userId).not.toBe('');
  });

  it('that was given up is free, and the posts follow the new one', async () => {
    const ann = await memberOf(node, 'ann');
    await ann.call('POST', '/api/posts', { text: 'Hello', context: 'profile' });
    await ann.signIn({ handle: 'ann-new' });
    const bob = await memberOf(node, 'bob');
    expect((await bob.signIn({ handle: 'ann' })).status).toBe(200);
    const feed = await node.request('GET', '/api/feeds/profile/ann-new');
    expect(feed.json.posts).toMatchObject([{ text: 'Hello', author: { handle: 'ann-new' } }]);
    const other = await node.request('GET', '/api/feeds/profile/ann');
    expect(other.json.posts).toEqual([]);
  });
});
