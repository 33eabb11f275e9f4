import { ProtocolError } from '../../protocol/errors.ts';
import type { Post } from '../../protocol/posts.ts';

/** What is known of pictures. */
export interface KnownPictures {
  /** The `userId` of whose it is. */
  ownerOf: (assetId: string) => string | undefined;
  /** The id of a post that shows it. */
  showing: (assetId: string) => string | undefined;
}

/**
 * What an author's choice of a picture changes in the post's row. Throws `validation-failed` for a
 * text post, and for a picture that is not the author's own or that another post shows.
 *
 * @param assetId `null` for the automatic one, `undefined` for no change
 */
export function pictureChange(
  post: Post,
  assetId: string | null | undefined,
  pictures: KnownPictures,
): Record<string, string | null> {
  if (assetId === undefined) return {};
  if (post.kind === 'text') {
    throw refused('A text post has no picture.', 'goes with stream posts');
  }
  if (assetId === null) {
    const isOwn = post.thumbnailOrigin === 'own';
    return isOwn ? { thumbnail_id: null, thumbnail_origin: null } : {};
  }
  if (pictures.ownerOf(assetId) !== post.author.userId) {
    throw refused('There is no such picture of yours. Send it again.', 'must be your own picture');
  }
  const shownBy = pictures.showing(assetId);
  if (shownBy !== undefined && shownBy !== post.postId) {
    throw refused('Another post shows this picture. Send it again.', 'must be of this post alone');
  }
  return { thumbnail_id: assetId, thumbnail_origin: 'own' };
}

function refused(sentence: string, message: string): ProtocolError {
  return new ProtocolError('validation-failed', sentence, [{ path: 'thumbnailId', message }]);
}
