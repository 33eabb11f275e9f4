import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  guestOf,
  memberOf,
  startNode,
  type TestMember,
  type TestNode,
} from '../rendezvous/node.ts';

let node: TestNode;
let ann: TestMember;
let bob: TestMember;

beforeEach(async () => {
  node = await startNode();
  ann = await memberOf(node, 'ann');
  bob = await memberOf(node, 'bob');
});
afterEach(() => node.close());

describe('posts', () => {
  it('are written, read, changed and deleted', async () => {
    const created = await ann.call('POST', '/api/posts', { text: ' Hello ', context: 'profile' });
    expect(created).toMatchObject({
      status: 201,
      json: { post: { kind: 'text', text: 'Hello', visibility: 'public' } },
    });
    const path = `/api/posts/${created.json.post.postId}`;
    expect((await node.request('GET', path)).json.post.text).toBe('Hello');
    expect((await ann.call('PATCH', path, { text: 'Bye' })).json.post.text).toBe('Bye');
    expect((await bob.call('PATCH', path, { text: 'x' })).json.code).toBe('forbidden');
    expect((await bob.call('DELETE', path)).json.code).toBe('forbidden');
    expect((await ann.call('DELETE', path)).status).toBe(204);
    expect(await node.request('GET', path)).toMatchObject({
      status: 404,
      json: { code: 'post-not-found' },
    });
  });

  it('need a session, and something to say', async () => {
    const anonymous = await node.request('POST', '/api/posts', { text: 'x', context: 'profile' });
    expect(anonymous.json.code).toBe('auth-required');
    const empty = await ann.call('POST', '/api/posts', { text: '  ', context: 'profile' });
    expect(empty.json).toMatchObject({ code: 'validation-failed', errors: [{ path: 'text' }] });
    const lost = await ann.call('POST', '/api/posts', { text: 'x', context: 'project' });
    expect(lost.json).toMatchObject({ errors: [{ path: 'projectId' }] });
  });

  it('for members are shown to members', async () => {
    await ann.call('POST', '/api/posts', {
      text: 'x',
      context: 'profile',
      visibility: 'followers',
    });
    const feed = '/api/feeds/profile/ann';
    const guest = await guestOf(node, 'guest-1');
    expect((await node.request('GET', feed)).json.posts).toHaveLength(0);
    expect((await guest.call('GET', feed)).json.posts).toHaveLength(0);
    expect((await bob.call('GET', feed)).json.posts).toHaveLength(1);
  });

  it('come in pages', async () => {
    for (const text of ['one', 'two', 'three']) {
      await ann.call('POST', '/api/posts', { text, context: 'profile' });
    }
    const first = await node.request('GET', '/api/feeds/profile/ann?limit=2');
    expect(first.json.posts).toMatchObject([{ text: 'three' }, { text: 'two' }]);
    const rest = await node.request(
      'GET',
      `/api/feeds/profile/ann?limit=2&cursor=${first.json.nextCursor}`,
    );
    expect(rest.json.posts).toMatchObject([{ text: 'one' }]);
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'cursor=x']) {
      const bad = await node.request('GET', `/api/feeds/profile/ann?${query}`);
      expect(bad).toMatchObject({ status: 400, json: { code: 'validation-failed' } });
    }
  });

  it('of nobody are not found', async () => {
    expect((await node.request('GET', '/api/feeds/profile/nobody')).json.code).toBe('not-found');
    expect((await node.request('GET', '/api/feeds/project/nothing')).json.code).toBe(
      'project-not-found',
    );
  });
});

describe('projects', () => {
  it('are started by members, seen by all, and written to by their owner', async () => {
    const created = await ann.call('POST', '/api/projects', { name: 'Garden' });
    expect(created).toMatchObject({ status: 201, json: { project: { owner: { handle: 'ann' } } } });
    const { projectId } = created.json.project;
    const post = { text: 'First bed dug', context: 'project', projectId };
    expect((await ann.call('POST', '/api/posts', post)).status).toBe(201);
    const refused = await bob.call('POST', '/api/posts', post);
    expect(refused.json).toMatchObject({
      code: 'forbidden',
      detail: expect.stringContaining('owner'),
    });
    const feed = await node.request('GET', `/api/feeds/project/${projectId}`);
    expect(feed.json.posts).toMatchObject([{ text: 'First bed dug' }]);
    const list = await node.request('GET', '/api/projects');
    expect(list.json.projects).toMatchObject([{ projectId, name: 'Garden', description: '' }]);
    const one = await node.request('GET', `/api/projects/${projectId}`);
    expect(one.json.project).toEqual(list.json.projects[0]);
  });

  it('that don’t exist are not found', async () => {
    expect((await node.request('GET', '/api/projects/nothing')).json.code).toBe(
      'project-not-found',
    );
  });

  it('are not started by guests', async () => {
    const guest = await guestOf(node, 'guest-1');
    expect((await guest.call('POST', '/api/projects', { name: 'x' })).json.code).toBe('forbidden');
  });
});
