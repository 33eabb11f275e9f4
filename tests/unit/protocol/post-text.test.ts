import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tagsIn, textParts } from '../../../protocol/post-text.ts';
import { PostText } from '../../../protocol/posts.ts';

const kinds = (text: string) =>
  textParts(text)
    .filter(({ kind }) => kind !== 'text')
    .map((part) => [part.kind, part.text]);

describe('a post’s text', () => {
  it('has links, mentions and tags, without the signs around them', () => {
    expect(
      kinds('See https://a.example/x?y=1. With @bob_b, (@ann): #Musik and www.b.org!'),
    ).toEqual([
      ['link', 'https://a.example/x?y=1'],
      ['mention', '@bob_b'],
      ['mention', '@ann'],
      ['tag', '#Musik'],
      ['link', 'www.b.org'],
    ]);
  });

  it('opens nothing but web pages', () => {
    for (const text of ['javascript:alert(1)', 'ftp://a.example/x', 'data:text/html,x', 'a@b.ch']) {
      expect(kinds(text)).toEqual([]);
    }
    const [link] = textParts('https://a.example/"onclick=x');
    expect(link).toMatchObject({ kind: 'link', href: expect.not.stringContaining('"') });
  });

  it('is the same text again when its parts are joined, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(
          textParts(text)
            .map((part) => part.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  it('names each tag once', () => {
    expect(tagsIn('#Jazz #jazz #日本 #2')).toEqual(['jazz', '日本']);
  });

  it('may not hide anything in control characters', () => {
    expect(PostText.safeParse('line\nbreak\tand tab').success).toBe(true);
    for (const bad of ['a\u0000b', 'a\u001b[31mb', 'a\u0085b', 'x'.repeat(4001)]) {
      expect(PostText.safeParse(bad).success).toBe(false);
    }
  });
});
