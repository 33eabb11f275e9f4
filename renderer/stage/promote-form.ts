import { PromoteRequest } from '../../protocol/rooms.ts';

/** What a host says about the room before it is in the feed. */
export interface PromoteDraft {
  title: string;
  description: string;
  /** As typed: words with or without `#`, apart by spaces or commas. */
  tags: string;
}

export type PromoteProblems = { [K in keyof PromoteDraft]?: string };

const SENTENCES: Required<PromoteProblems> = {
  title: 'Give it a title of 120 characters at most.',
  description: 'Use 2000 characters at most.',
  tags: 'Use ten tags at most, each a single word of up to 32 letters, digits, "-" or "_".',
};

/** The request for a draft, or what is wrong with each field. */
export function promoteRequest(
  draft: PromoteDraft,
): { ok: true; request: PromoteRequest } | { ok: false; problems: PromoteProblems } {
  const tags = tagsOf(draft.tags);
  const description = draft.description.trim();
  const parsed = PromoteRequest.safeParse({
    title: draft.title,
    ...(description && { description }),
    ...(tags.length > 0 && { tags }),
  });
  if (parsed.success) return { ok: true, request: parsed.data };
  const problems: PromoteProblems = {};
  for (const { path } of parsed.error.issues) {
    const field = path[0];
    if (field === 'title' || field === 'description' || field === 'tags') {
      problems[field] = SENTENCES[field];
    }
  }
  return { ok: false, problems };
}

/** Tags as they are typed, each once. */
export function tagsOf(typed: string): string[] {
  const words = typed.split(/[\s,]+/u).map((word) => word.replace(/^#/, ''));
  return [...new Set(words.filter(Boolean))];
}
