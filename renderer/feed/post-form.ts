import { type Post, UpdatePostRequest } from '../../protocol/posts.ts';
import { tagsOf } from '../stage/promote-form.ts';

/** A post while it is edited. */
export interface PostDraft {
  /** Of a stream's post. */
  title: string;
  /** A post's words, or a stream's description. */
  text: string;
  /** As typed. Of a stream's post. */
  tags: string;
}

export type PostProblems = { [K in keyof PostDraft]?: string };

const SENTENCES: Required<PostProblems> = {
  title: 'Give it a title of 120 characters at most.',
  text: 'Use 4000 characters at most, without control characters.',
  tags: 'Use ten tags at most, each a single word of up to 32 characters.',
};

export function draftOf(post: Post): PostDraft {
  const { text } = post;
  if (post.kind === 'text') return { title: '', text, tags: '' };
  return { title: post.title, text, tags: post.tags.join(' ') };
}

/** The request for a draft, or what is wrong with each field. */
export function editRequest(
  kind: Post['kind'],
  draft: PostDraft,
): { ok: true; request: UpdatePostRequest } | { ok: false; problems: PostProblems } {
  if (kind === 'text' && draft.text.trim() === '') {
    return { ok: false, problems: { text: 'Write something, or delete the post.' } };
  }
  const parsed = UpdatePostRequest.safeParse({
    text: draft.text,
    ...(kind === 'stream' && { title: draft.title, tags: tagsOf(draft.tags) }),
  });
  if (parsed.success) return { ok: true, request: parsed.data };
  const problems: PostProblems = {};
  for (const { path } of parsed.error.issues) {
    const field = path[0];
    if (field === 'title' || field === 'text' || field === 'tags') {
      problems[field] = SENTENCES[field];
    }
  }
  return { ok: false, problems };
}
