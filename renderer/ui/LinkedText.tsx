import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import { momentParts } from '../../protocol/moment.ts';
import { textParts } from '../../protocol/post-text.ts';
import styles from './LinkedText.module.css';

export interface LinkedTextProps {
  /** What somebody wrote; nothing of it is markup. */
  text: string;
  /** Words to be marked wherever they begin a word, in lower case. */
  marked?: readonly string[];
  /** Leads to a time that is written like `1:23`; without it times are words like others. */
  onMoment?: (seconds: number) => void;
}

/** What people write, with its links, @mentions and #tags to be followed. */
export function LinkedText({ text, marked = [], onMoment }: LinkedTextProps) {
  return (
    <span className={styles.text} dir="auto">
      {textParts(text).map((part, index) => {
        const words =
          onMoment && part.kind === 'text' ? (
            <Moments text={part.text} onMoment={onMoment} />
          ) : (
            <MarkedWords text={part.text} marked={marked} />
          );
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name, and no state.
        return <Fragment key={index}>{partOf(part, words)}</Fragment>;
      })}
    </span>
  );
}

function partOf(part: ReturnType<typeof textParts>[number], words: ReactNode): ReactNode {
  switch (part.kind) {
    case 'link':
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer nofollow ugc">
          {words}
        </a>
      );
    case 'mention':
      return (
        <Link to="/u/$handle" params={{ handle: part.handle }}>
          {words}
        </Link>
      );
    case 'tag':
      return (
        <Link to="/search" search={{ q: `#${part.tag}` }}>
          {words}
        </Link>
      );
    case 'text':
      return words;
  }
}

function Moments({ text, onMoment }: { text: string; onMoment: (seconds: number) => void }) {
  return momentParts(text).map(({ text: words, seconds }, index) =>
    seconds === undefined ? (
      words
    ) : (
      <button
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name, and no state.
        key={index}
        type="button"
        className={styles.moment}
        aria-label={`Play from ${words}`}
        onClick={() => onMoment(seconds)}
      >
        {words}
      </button>
    ),
  );
}

/** Text in which the words that were looked for stand out. */
export function MarkedWords({ text, marked }: { text: string; marked: readonly string[] }) {
  if (marked.length === 0) return text;
  const alternatives = marked.map((word) => word.replace(/[^\p{L}\p{N}\p{M}]/gu, '\\$&')).join('|');
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(${alternatives})`, 'giu');
  return text.split(pattern).map((piece, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name, and no state.
      <mark key={index} className={styles.mark}>
        {piece}
      </mark>
    ) : (
      piece
    ),
  );
}
