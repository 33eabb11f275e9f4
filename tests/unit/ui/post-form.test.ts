import { expect, test } from 'vitest';
import type { Post } from '../../../protocol/posts.ts';
import { draftOf, editRequest } from '../../../renderer/feed/post-form.ts';
import { wordsToMark } from '../../../renderer/search/words-to-mark.ts';

test('of a search its words stand out, the longest first, but not its author', () => {
  expect(wordsToMark('gar #Jazz @ann "garden')).toEqual(['garden', 'jazz', 'gar']);
  expect(wordsToMark('.*+?')).toEqual([]);
});

test('an edited post is checked before it is sent', () => {
  expect(editRequest('text', { title: '', text: '  ', tags: '' })).toMatchObject({
    problems: { text: expect.stringContaining('delete') },
  });
  expect(editRequest('stream', { title: ' ', text: '', tags: 'a #b b' })).toMatchObject({
    ok: false,
    problems: { title: expect.any(String) },
  });
  expect(editRequest('stream', { title: 'Tonight', text: '', tags: 'a #b b' })).toEqual({
    ok: true,
    request: { title: 'Tonight', text: '', tags: ['a', 'b'] },
  });
  const post = { kind: 'text', text: 'Hello' } as Post;
  expect(editRequest('text', draftOf(post))).toEqual({ ok: true, request: { text: 'Hello' } });
});
