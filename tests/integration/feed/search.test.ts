import { beforeEach, describe, expect, it } from 'vitest';
import { Feed } from '../../../main/feed/feed.ts';
import type { Viewer } from '../../../main/feed/viewer.ts';
import { openDatabase } from '../../../main/storage/database.ts';
import type { SearchQuery } from '../../../protocol/posts.ts';
import type { Visibility } from '../../../protocol/rooms.ts';

const user = (letter: string) => `u_${letter.repeat(22)}`;
const ann = { userId: user('A'), handle: 'ann', displayName: 'Ann' };
const bob = { userId: user('B'), handle: 'bob', displayName: 'Bob' };
const asMember = { userId: user('C'), guest: false };

let feed: Feed;
let db: ReturnType<typeof openDatabase>;

beforeEach(() => {
  db = openDatabase(':memory:');
  feed = new Feed({ db, clock: Date.now });
});

function write(text: string, visibility: Visibility = 'public', author = ann): string {
  return feed.createText({ text, context: 'profile', visibility, author }).postId;
}

function found(q: string, viewer?: Viewer, more: Partial<SearchQuery> = {}): string[] {
  return feed.search({ q, limit: 20, ...more }, viewer).posts.map(({ text }) => text);
}

describe('a search', () => {
  it('finds words however they are written, the last of them begun, newest first', () => {
    write('Das Café öffnet um acht');
    write('Coffee in the garden');
    write('A cafe by the sea');
    expect(found('CAFÉ')).toEqual(['A cafe by the sea', 'Das Café öffnet um acht']);
    expect(found('gar cof')).toEqual(['Coffee in the garden']);
    expect(found('cafe nowhere')).toEqual([]);
  });

  it('finds tags and authors', () => {
    write('Tonight #Jazz');
    write('jazz without a tag');
    write('Also #jazz', 'public', bob);
    expect(found('#jazz')).toEqual(['Also #jazz', 'Tonight #Jazz']);
    expect(found('#jazz @ann')).toEqual(['Tonight #Jazz']);
    expect(found('@bob')).toEqual(['Also #jazz']);
  });

  it('takes signs for signs, whatever they mean to the index', () => {
    write('plain words');
    for (const q of ['"', 'plain"', 'NEAR(', 'plain AND', '* OR *', 'title:plain^', "';--", '\\']) {
      expect(() => found(q)).not.toThrow();
    }
    expect(found('pl*in')).toEqual([]);
    expect(found('("plain" OR words)')).toEqual([]);
    expect(found('!?')).toEqual([]);
  });

  it('shows nobody what is not for them', () => {
    write('secret members', 'followers');
    expect(found('secret')).toEqual([]);
    expect(found('secret', { ...asMember, guest: true })).toEqual([]);
    expect(found('secret', asMember)).toEqual(['secret members']);
  });

  it('follows changes and deletions', () => {
    const postId = write('first words');
    feed.update(postId, { ...asMember, userId: ann.userId }, { text: 'other words' });
    expect(found('first')).toEqual([]);
    expect(found('other')).toEqual(['other words']);
    feed.delete(postId, { ...asMember, userId: ann.userId });
    expect(found('other')).toEqual([]);
  });

  it('comes in pages that hold each post once', () => {
    for (let i = 1; i <= 5; i++) write(`same ${i}`);
    const first = feed.search({ q: 'same', limit: 3 }, undefined);
    write('same, late');
    const second = feed.search(
      { q: 'same', limit: 3, ...(first.nextCursor && { cursor: first.nextCursor }) },
      undefined,
    );
    expect([...first.posts, ...second.posts].map(({ text }) => text)).toEqual([
      ...['same 5', 'same 4', 'same 3', 'same 2', 'same 1'],
    ]);
    expect(second.nextCursor).toBeUndefined();
  });

  it('finds replays alone where that is asked for', () => {
    write('a song in words');
    feed.attachRecording(
      {
        ...{ roomId: `room_${'x'.repeat(16)}`, title: 'A song', context: 'profile' },
        ...{ visibility: 'public', author: ann, startedAt: new Date().toISOString() },
      },
      {
        ...{ recordingId: `rec_${'r'.repeat(16)}`, recordingState: 'ready', durationMs: 1000 },
        retainUntil: new Date().toISOString(),
      },
    );
    const titles = feed
      .search({ q: 'song', limit: 20, only: 'replays' }, undefined)
      .posts.map((post) => (post.kind === 'stream' ? post.title : post.text));
    expect(titles).toEqual(['A song']);
    expect(feed.search({ q: 'song', limit: 20 }, undefined).posts).toHaveLength(2);
  });

  it('finds a post whose words a crash kept from the index', () => {
    write('first words');
    write('last words');
    db.exec('DELETE FROM post_words WHERE rowid = 2');
    expect(found('words')).toEqual(['first words']);
    feed = new Feed({ db, clock: Date.now });
    expect(found('words')).toEqual(['last words', 'first words']);
  });

  it('knows what was written before there was an index', () => {
    write('from long ago');
    db.exec(`DROP TABLE post_words; DELETE FROM schema_versions WHERE component = 'post-search'`);
    feed = new Feed({ db, clock: Date.now });
    expect(found('long ago')).toEqual(['from long ago']);
  });
});
