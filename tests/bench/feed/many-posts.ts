import type { DatabaseSync } from 'node:sqlite';
import { Feed } from '../../../main/feed/feed.ts';
import type { PostAuthor } from '../../../main/feed/stream-posts.ts';
import { Projects } from '../../../main/projects/projects.ts';
import { inTransaction } from '../../../main/storage/database.ts';

const WORDS = (
  'lamp garden choir radio river night morning bread violin window stone paper train harbour ' +
  'winter letter market bicycle kitchen mountain'
).split(' ');
const TAGS = ['music', 'craft', 'news', 'walks'];
/** In one post of a thousand. */
export const RARE_WORD = 'heliotrope';
/** In every post. */
export const COMMON_WORD = 'today';

/** Texts of different lengths, some for members alone, one in ten on a project's page. */
export function writePosts(db: DatabaseSync, count: number, author: PostAuthor): Feed {
  let atMs = Date.now() - count * 60_000;
  const feed = new Feed({ db, clock: () => atMs });
  const projects = new Projects({ db, clock: () => atMs });
  const { projectId } = projects.create(author, { name: 'Garden' });
  const word = (i: number) => WORDS[(i * 7 + (i >> 3)) % WORDS.length];
  inTransaction(db, () => {
    for (let i = 0; i < count; i++) {
      atMs += 60_000;
      const words = Array.from({ length: 6 + (i % 40) }, (_, k) => word(i + k * 3));
      const rare = i % 1000 === 500 ? ` ${RARE_WORD}` : '';
      const inProject = i % 10 === 9;
      feed.createText({
        text: `${COMMON_WORD} ${words.join(' ')}${rare} #${TAGS[i % TAGS.length]}`,
        context: inProject ? 'project' : 'profile',
        projectId: inProject ? projectId : undefined,
        visibility: i % 5 === 4 ? 'followers' : 'public',
        author,
      });
    }
  });
  return feed;
}
