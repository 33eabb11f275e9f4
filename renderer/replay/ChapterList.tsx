import { type RefObject, useEffect, useState } from 'react';
import type { Chapter } from '../../protocol/recordings.ts';
import { clockDuration } from '../ui/duration.ts';
import styles from './ChapterList.module.css';
import { chapterAt } from './chapter-at.ts';

export interface ChapterListProps {
  video: RefObject<HTMLVideoElement | null>;
  chapters: readonly Chapter[];
}

/** The marked moments of a replay; a click goes there. */
export function ChapterList({ video, chapters }: ChapterListProps) {
  const current = useCurrentChapter(video, chapters);

  function jumpTo({ startMs }: Chapter) {
    const player = video.current;
    if (player) player.currentTime = startMs / 1000;
  }

  return (
    <nav aria-label="Chapters">
      <h2 className={styles.heading}>Chapters</h2>
      <ol className={styles.list}>
        {chapters.map((chapter, index) => (
          <li key={`${chapter.startMs} ${chapter.title}`}>
            <button
              type="button"
              className={styles.chapter}
              aria-current={index === current ? 'true' : undefined}
              onClick={() => jumpTo(chapter)}
            >
              <span className={styles.time}>{clockDuration(chapter.startMs)}</span>
              <span className={styles.name}>{chapter.title}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function useCurrentChapter(
  video: RefObject<HTMLVideoElement | null>,
  chapters: readonly Chapter[],
): number | undefined {
  const [current, setCurrent] = useState<number>();
  useEffect(() => {
    const player = video.current;
    if (!player) return;
    const look = () => setCurrent(chapterAt(chapters, player.currentTime * 1000));
    look();
    const events = ['timeupdate', 'seeking'] as const;
    for (const event of events) player.addEventListener(event, look);
    return () => {
      for (const event of events) player.removeEventListener(event, look);
    };
  }, [video, chapters]);
  return current;
}
