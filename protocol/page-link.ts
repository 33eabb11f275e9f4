import { z } from 'zod';
import { Handle } from './identity.ts';
import { readMoment } from './moment.ts';
import { nodeOrigin } from './node-link.ts';
import { PostId } from './posts.ts';
import { ProjectId } from './projects.ts';
import { RecordingId } from './recordings.ts';
import { RoomId } from './rooms.ts';

/** The scheme of links that open the app. */
export const LINK_SCHEME = 'swarmstudio';

/** A signed invitation to a room: a JWT, so base64url and dots. */
const InviteToken = z.string().regex(/^[A-Za-z0-9_.-]{1,2048}$/);
const Moment = z.string().transform(readMoment).pipe(z.number());

/** What may be behind the path of each page that a link can lead to. */
interface PageForm {
  id: z.ZodType<string>;
  search?: Readonly<Record<string, z.ZodType<string | number>>>;
  hash?: Readonly<Record<string, z.ZodType<string | number>>>;
}

/** A room's door, a room as its audience sees it, a recording at a time, a post, a feed. */
const PAGES: Readonly<Record<string, PageForm>> = {
  join: { id: RoomId, hash: { invite: InviteToken } },
  watch: { id: RoomId },
  replay: { id: RoomId, search: { post: PostId, recording: RecordingId, t: Moment } },
  post: { id: PostId },
  p: { id: ProjectId, hash: { invite: InviteToken } },
  u: { id: Handle },
};

/** Where a link leads. */
export interface PageLink {
  /** The node that has it, e.g. `https://rooms.example`; absent for the studio's home. */
  origin?: string;
  /** The page there, e.g. `/replay/room_…?t=83`, with nothing in it that was not looked at. */
  path: string;
}

/**
 * Reads a link to a page of a node: `https://node/join/room_…#invite=…`, `https://node/replay/room_…?t=83`,
 * or the app's own `swarmstudio://replay/room_…?node=https://…`, where `node` may be left out for
 * what is on the studio's home. Nothing gets through but a node and what a page takes, in their
 * exact forms. `undefined` for anything else.
 */
export function readPageLink(text: string): PageLink | undefined {
  const url = URL.parse(text.trim());
  if (!url) return undefined;
  const isOwn = url.protocol === `${LINK_SCHEME}:`;
  const [page = '', id, ...more] = (isOwn ? `${url.host}${url.pathname}` : url.pathname.slice(1))
    .split('/')
    .map(decoded);
  const form = Object.hasOwn(PAGES, page) ? PAGES[page] : undefined;
  if (!form || more.length > 0 || !form.id.safeParse(id).success) return undefined;
  const search = only(url.searchParams, form.search);
  const hash = only(new URLSearchParams(url.hash.slice(1)), form.hash);
  if (!search || !hash) return undefined;
  const path = `/${page}/${id}${prefixed('?', search)}${prefixed('#', hash)}`;
  const node = isOwn ? url.searchParams.get('node') : url.origin;
  if (node === null) return { path };
  const origin = originOrNone(node);
  return origin === undefined ? undefined : { origin, path };
}

/** The window's route for a link: the page, and which node it is on. */
export function routeOfPage({ origin, path }: PageLink): string {
  if (origin === undefined) return path;
  const [page = '', hash] = path.split('#');
  const node = `${page.includes('?') ? '&' : '?'}node=${encodeURIComponent(origin)}`;
  return `${page}${node}${hash === undefined ? '' : `#${hash}`}`;
}

/** What is known of the parameters; `undefined` where one of these is not in its form. */
function only(given: URLSearchParams, known: PageForm['search'] = {}): URLSearchParams | undefined {
  const kept = new URLSearchParams();
  for (const [name, form] of Object.entries(known)) {
    const value = given.get(name);
    if (value === null) continue;
    const read = form.safeParse(value);
    if (!read.success) return undefined;
    kept.set(name, String(read.data));
  }
  return kept;
}

function prefixed(mark: '?' | '#', params: URLSearchParams): string {
  return params.size === 0 ? '' : `${mark}${params}`;
}

/** Nothing of what a page takes needs an escape, so one that can't be read is none. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

function originOrNone(address: string): string | undefined {
  try {
    return nodeOrigin(address);
  } catch {
    return undefined;
  }
}
