import type { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { Feed } from '../../../main/feed/feed.ts';
import type { RecordedRoom, RecordingOnPost } from '../../../main/feed/stream-posts.ts';
import { Projects } from '../../../main/projects/projects.ts';
import { openDatabase } from '../../../main/storage/database.ts';
import type { Post } from '../../../protocol/posts.ts';
import type { Room, Visibility } from '../../../protocol/rooms.ts';

const user = (letter: string) => `u_${letter.repeat(22)}`;
const ann = { userId: user('A'), handle: 'ann', displayName: 'Ann' };
const asMember = (letter: string) => ({ userId: user(letter), guest: false });
const asGuest = (letter: string) => ({ userId: user(letter), guest: true });
const ROOM_ID = `room_${'x'.repeat(16)}`;
const START = Date.UTC(2026, 0, 31, 12);
const at = (ms: number) => new Date(START + ms).toISOString();

let db: DatabaseSync;
let now: number;
let feed: Feed;
let told: string[];

beforeEach(() => {
  db = openDatabase(':memory:');
  now = START;
  feed = new Feed({ db, clock: () => now });
  told = [];
  feed.on('created', () => told.push('created'));
  feed.on('updated', () => told.push('updated'));
  feed.on('deleted', () => told.push('deleted'));
});

/** A public project of Ann's. */
function newProject(): string {
  return new Projects({ db, clock: () => now }).create(ann, { name: 'Garden' }).projectId;
}

function room(about: Partial<Room> = {}): Room {
  return {
    roomId: ROOM_ID,
    context: 'profile',
    title: 'Tonight',
    visibility: 'public',
    private: false,
    state: 'live',
    broadcast: 'backstage',
    recording: 'off',
    host: ann,
    participantCount: 1,
    capacity: 12,
    createdAt: at(0),
    ...about,
  };
}

function publish(about: Partial<Room> = {}) {
  const of = room(about);
  return feed.publishStream({
    room: of,
    author: ann,
    title: of.title,
    description: 'Come along',
    tags: ['music'],
    allowedUserIds: [ann.userId],
  });
}

function recorded(about: Partial<RecordedRoom> = {}): RecordedRoom {
  return {
    roomId: ROOM_ID,
    title: 'Tonight',
    context: 'profile',
    visibility: 'public',
    author: ann,
    startedAt: at(0),
    endedAt: at(60_000),
    ...about,
  };
}

function recording(
  recordingState: RecordingOnPost['recordingState'],
  recordingId = `rec_${'r'.repeat(16)}`,
): RecordingOnPost {
  return { recordingId, recordingState, retainUntil: at(30 * 86_400_000), durationMs: 59_500 };
}

function text(body: string, visibility: Visibility = 'public', projectId?: string): Post {
  return feed.createText({
    text: body,
    context: projectId ? 'project' : 'profile',
    projectId,
    visibility,
    author: ann,
  });
}

const texts = (posts: Post[]) => posts.map((post) => post.text);
const profile = (viewer: Parameters<Feed['profilePage']>[1], limit = 20) =>
  feed.profilePage(ann.userId, viewer, { limit });

describe('pages of a feed', () => {
  it('hold every post once, newest first, also while new ones arrive', () => {
    for (let i = 1; i <= 7; i++) text(`post ${i}`);
    const first = feed.profilePage(ann.userId, undefined, { limit: 3 });
    text('a late one');
    const second = feed.profilePage(ann.userId, undefined, { limit: 3, cursor: first.nextCursor });
    const third = feed.profilePage(ann.userId, undefined, { limit: 3, cursor: second.nextCursor });
    expect([first, second, third].map(({ posts }) => texts(posts))).toEqual([
      ['post 7', 'post 6', 'post 5'],
      ['post 4', 'post 3', 'post 2'],
      ['post 1'],
    ]);
    expect(third.nextCursor).toBeUndefined();
  });

  it('have no mark after the last when it is exactly full', () => {
    text('one');
    text('two');
    expect(profile(undefined, 2).nextCursor).toBeUndefined();
  });

  it('are full although others’ eyes are kept from some posts', () => {
    for (let i = 1; i <= 4; i++) {
      text(`open ${i}`);
      text(`members ${i}`, 'followers');
    }
    expect(texts(profile(undefined, 3).posts)).toEqual(['open 4', 'open 3', 'open 2']);
  });

  it('of a profile leave out projects, and the other way round', () => {
    const projectId = newProject();
    text('mine');
    text('the garden’s', 'public', projectId);
    expect(texts(profile(undefined).posts)).toEqual(['mine']);
    expect(texts(feed.projectPage(projectId, undefined, { limit: 9 }).posts)).toEqual([
      'the garden’s',
    ]);
  });

  it('are found by an index, not by reading every post', () => {
    const plan = db
      .prepare(
        `EXPLAIN QUERY PLAN SELECT * FROM posts WHERE author_user_id = 'x' AND context = 'profile'
         AND seq < 5 AND visibility = 'public' ORDER BY seq DESC LIMIT 3`,
      )
      .all();
    expect(plan).toMatchObject([
      { detail: expect.stringContaining('USING INDEX posts_by_profile') },
    ]);
  });
});

describe('pinned posts', () => {
  const pin = (postId: string, pinned = true) => feed.update(postId, asMember('A'), { pinned });

  it('stand at the top of the first page, the last pinned first, and nowhere else', () => {
    const [one, two] = [text('one'), text('two')].map(({ postId }) => postId);
    text('three');
    pin(one ?? '');
    now += 1000;
    pin(two ?? '');
    const first = profile(undefined, 1);
    expect(texts(first.pinned ?? [])).toEqual(['two', 'one']);
    expect(texts(first.posts)).toEqual(['three']);
    pin(one ?? '', false);
    expect(texts(profile(undefined).posts)).toEqual(['three', 'one']);
    expect(feed.get(one ?? '', undefined).pinnedAt).toBeUndefined();
  });

  it('are three at most in a feed', () => {
    const posts = ['a', 'b', 'c', 'd'].map((body) => text(body).postId);
    for (const postId of posts.slice(0, 3)) pin(postId);
    expect(() => pin(posts[3] ?? '')).toThrow(
      expect.objectContaining({ code: 'validation-failed' }),
    );
    // What is pinned already stays as it is.
    expect(pin(posts[0] ?? '').pinnedAt).toBe(at(0));
    pin(text('elsewhere', 'public', newProject()).postId);
  });

  it('are shown to those they are for', () => {
    pin(text('for members', 'followers').postId);
    expect(profile(undefined).pinned).toBeUndefined();
    expect(texts(profile(asMember('B')).pinned ?? [])).toEqual(['for members']);
  });
});

describe('who sees a post', () => {
  it('for members: members and its author', () => {
    const { postId } = text('for members', 'followers');
    expect(feed.get(postId, asMember('B')).postId).toBe(postId);
    expect(feed.get(postId, asMember('A')).postId).toBe(postId);
    for (const viewer of [undefined, asGuest('C')]) {
      expect(() => feed.get(postId, viewer)).toThrow(
        expect.objectContaining({ code: 'post-not-found' }),
      );
      expect(profile(viewer).posts).toEqual([]);
    }
  });

  it('of an invite-only room: those who were let in, whenever that was', () => {
    const { postId } = publish({ visibility: 'invite-only' });
    expect(profile(asMember('B')).posts).toEqual([]);
    feed.allow(ROOM_ID, user('B'));
    feed.allow(ROOM_ID, user('B'));
    expect(profile(asGuest('B')).posts).toMatchObject([{ postId }]);
    expect(profile(asMember('A')).posts).toMatchObject([{ postId }]);
    expect(profile(asMember('C')).posts).toEqual([]);
  });
});

describe('changing a post', () => {
  it('is its author’s alone; others don’t learn of what they may not see', () => {
    const { postId } = text('first');
    now += 1000;
    const updated = feed.update(postId, asMember('A'), { text: 'second' });
    expect(updated).toMatchObject({ text: 'second', createdAt: at(0), updatedAt: at(1000) });
    const forbidden = expect.objectContaining({ code: 'forbidden' });
    expect(() => feed.update(postId, asMember('B'), { text: 'x' })).toThrow(forbidden);
    expect(() => feed.delete(postId, asMember('B'))).toThrow(forbidden);
    const hidden = text('hidden', 'followers').postId;
    expect(() => feed.delete(hidden, asGuest('B'))).toThrow(
      expect.objectContaining({ code: 'post-not-found' }),
    );
    feed.delete(postId, asMember('A'));
    expect(() => feed.get(postId, asMember('A'))).toThrow();
    expect(told).toEqual(['created', 'updated', 'created', 'deleted']);
  });

  it('gives no title to a text', () => {
    const { postId } = text('first');
    expect(() => feed.update(postId, asMember('A'), { title: 'x', tags: [] })).toThrow(
      expect.objectContaining({
        code: 'validation-failed',
        fields: [
          expect.objectContaining({ path: 'title' }),
          expect.objectContaining({ path: 'tags' }),
        ],
      }),
    );
    const stream = publish();
    expect(feed.update(stream.postId, asMember('A'), { title: 'x', tags: ['y'] })).toMatchObject({
      title: 'x',
      tags: ['y'],
    });
  });
});

describe('a stream’s post', () => {
  it('is one for each show: promoting again answers it, a reopened room gets another', () => {
    const first = publish();
    expect(publish().postId).toBe(first.postId);
    feed.endStream(ROOM_ID, at(5000));
    feed.endStream(ROOM_ID, at(9000));
    expect(feed.get(first.postId, undefined)).toMatchObject({
      liveStatus: 'ended',
      endsAt: at(5000),
    });
    expect(publish().postId).not.toBe(first.postId);
  });

  it('tells of its recording through every state', () => {
    const { postId } = publish();
    for (const state of ['recording', 'finalizing', 'ready', 'expired'] as const) {
      const post = feed.attachRecording(recorded(), recording(state));
      expect(post).toMatchObject({
        postId,
        recordingState: state,
        retainUntil: at(30 * 86_400_000),
        durationMs: 59_500,
      });
    }
    expect(profile(undefined).posts).toHaveLength(1);
  });

  it('knows a recording that began before it', () => {
    const recordingId = `rec_${'r'.repeat(16)}`;
    expect(publish({ recordingId, recording: 'recording' })).toMatchObject({
      recordingId,
      recordingState: 'recording',
    });
  });

  it('appears for a recorded room that never went live, once the replay is ready', () => {
    expect(feed.attachRecording(recorded(), recording('recording'))).toBeUndefined();
    expect(feed.attachRecording(recorded(), recording('finalizing'))).toBeUndefined();
    const post = feed.attachRecording(recorded(), recording('ready'));
    expect(post).toMatchObject({
      liveStatus: 'ended',
      startsAt: at(0),
      endsAt: at(60_000),
      recordingState: 'ready',
    });
    feed.attachRecording(recorded(), recording('expired'));
    expect(profile(undefined).posts).toMatchObject([
      { postId: post?.postId, recordingState: 'expired' },
    ]);
  });

  it('does not appear for a recording that failed', () => {
    expect(feed.attachRecording(recorded(), recording('failed'))).toBeUndefined();
    expect(told).toEqual([]);
  });

  it('is hidden from strangers when the room was invite-only, promoted or not', () => {
    feed.allow(ROOM_ID, user('B'));
    const post = feed.attachRecording(recorded({ visibility: 'invite-only' }), recording('ready'));
    expect(profile(asMember('B')).posts).toMatchObject([{ postId: post?.postId }]);
    expect(profile(asMember('C')).posts).toEqual([]);
  });

  it('of an earlier show keeps its replay when the room is reopened and recorded again', () => {
    const first = publish();
    feed.attachRecording(recorded(), recording('ready'));
    feed.endStream(ROOM_ID, at(5000));
    const second = publish();
    feed.attachRecording(recorded(), recording('ready', `rec_${'s'.repeat(16)}`));
    expect(profile(undefined).posts).toMatchObject([
      { postId: second.postId, recordingId: `rec_${'s'.repeat(16)}` },
      { postId: first.postId, recordingId: `rec_${'r'.repeat(16)}` },
    ]);
  });

  it('does not stay live when the node was killed', () => {
    const { postId } = publish();
    const restarted = new Feed({ db, clock: () => now + 3_600_000 });
    restarted.endStreamsWithout(() => true);
    expect(restarted.get(postId, undefined)).toMatchObject({ liveStatus: 'live' });
    restarted.endStreamsWithout(() => false);
    expect(restarted.get(postId, undefined)).toMatchObject({
      liveStatus: 'ended',
      endsAt: at(0),
    });
  });
});
