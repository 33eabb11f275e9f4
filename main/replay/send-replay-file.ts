import { send } from '@fastify/send';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProtocolError } from '../../protocol/errors.ts';
import type { StoredFile } from '../recording/packaging/segment-store.ts';

export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';

const CONTENT_TYPES = {
  m3u8: PLAYLIST_TYPE,
  json: 'application/json; charset=utf-8',
  mp4: 'video/mp4',
  m4s: 'video/iso.segment',
} as const;

/**
 * Sends a file from a recording's folder, in part where a range is asked for (RFC 9110 section 14).
 * Throws `recording-not-found`, `recording-damaged` and `range-not-satisfiable`.
 *
 * @param media what the manifest says of it, for init and media segments
 */
export async function sendReplayFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { root, file, media }: { root: string; file: string; media: StoredFile | undefined },
): Promise<FastifyReply> {
  const etag = media && `"${media.sha256}"`;
  if (etag) reply.header('etag', etag);
  if (etag && matches(request.headers['if-none-match'], etag)) return reply.status(304).send();
  // RFC 9110 section 13.1.5: a range of the very same file is served, else the whole file is. The
  // library would compare with an ETag of its own.
  const ifRange = request.headers['if-range'];
  if (ifRange === etag) delete request.raw.headers['if-range'];
  const answer = await send(request.raw, file, {
    root,
    cacheControl: false,
    // What is immutable has its hash for an ETag; the others change under the same name.
    etag: !media,
    lastModified: false,
    contentType: false,
    dotfiles: 'deny',
  });
  if (answer.type === 'file' && media && answer.metadata.stat.size !== media.sizeBytes) {
    answer.stream.destroy();
    throw new ProtocolError(
      'recording-damaged',
      `${file} is not as long as the manifest says. It is not served; verify the recording.`,
    );
  }
  if (answer.type !== 'file') {
    answer.stream.destroy();
    if (answer.statusCode === 404) throw missing(file);
    const contentRange = answer.headers['Content-Range'];
    if (contentRange) reply.header('content-range', contentRange);
    if (answer.statusCode === 416) throw outside(file);
    return reply.status(answer.statusCode).send();
  }
  const extension = file.slice(file.lastIndexOf('.') + 1) as keyof typeof CONTENT_TYPES;
  reply.headers(answer.headers).type(CONTENT_TYPES[extension]);
  return reply.status(answer.statusCode).send(answer.stream);
}

/** `If-None-Match` (RFC 9110 section 13.1.2): weak comparison, a list, or `*`. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

function outside(file: string): ProtocolError {
  return new ProtocolError(
    'range-not-satisfiable',
    `${file} has nothing in this range. Ask for bytes that it has, or for all of it.`,
  );
}

/** A `recording-not-found` for a file of a replay. */
export function missing(file: string): ProtocolError {
  return new ProtocolError('recording-not-found', `This replay has no ${file}, or not yet.`);
}
