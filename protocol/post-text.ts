import { tokenize } from 'linkifyjs';
import 'linkify-plugin-hashtag';
import 'linkify-plugin-mention';

/** A stretch of a post's text, as it is shown. */
export type TextPart =
  | { kind: 'text'; text: string }
  /** Opens outside the studio; `href` is `http:` or `https:`. */
  | { kind: 'link'; text: string; href: string }
  /** A member's handle, without its `@`. */
  | { kind: 'mention'; text: string; handle: string }
  /** A tag without its `#`, in lower case. */
  | { kind: 'tag'; text: string; tag: string };

const HANDLE = /^@([a-z0-9][a-z0-9_-]{1,31})$/i;

/**
 * Parts a text into links, mentions, tags and the rest, which together are the text again. What
 * could do more than open a page (other schemes than `http:` and `https:`) stays plain text.
 */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  for (const token of tokenize(text)) {
    const part = partOf(token.t, token.toString(), () => token.toHref('https'));
    const last = parts.at(-1);
    if (part.kind === 'text' && last?.kind === 'text') last.text += part.text;
    else parts.push(part);
  }
  return parts;
}

/** The tags in a text, each once, in lower case. */
export function tagsIn(text: string): string[] {
  const tags = textParts(text).flatMap((part) => (part.kind === 'tag' ? [part.tag] : []));
  return [...new Set(tags)];
}

function partOf(type: string, text: string, href: () => string): TextPart {
  switch (type) {
    case 'url': {
      const url = webAddress(href());
      return url === undefined ? { kind: 'text', text } : { kind: 'link', text, href: url };
    }
    case 'mention': {
      const handle = HANDLE.exec(text)?.[1];
      return handle
        ? { kind: 'mention', text, handle: handle.toLowerCase() }
        : { kind: 'text', text };
    }
    case 'hashtag':
      return { kind: 'tag', text, tag: text.slice(1).toLowerCase() };
    default:
      return { kind: 'text', text };
  }
}

function webAddress(href: string): string | undefined {
  const url = URL.parse(href);
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : undefined;
}
