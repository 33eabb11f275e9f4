import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { assetRoutes } from '../../../main/assets/asset-routes.ts';
import { AssetStore } from '../../../main/assets/asset-store.ts';
import { temporaryFolder } from '../recording/studio-fixture.ts';
import {
  guestOf,
  memberOf,
  startNode,
  type TestMember,
  type TestNode,
} from '../rendezvous/node.ts';

const run = promisify(execFile);

let node: TestNode;
let ann: TestMember;
let bob: TestMember;

beforeEach(async () => {
  const dir = join(await temporaryFolder(), 'assets');
  let assets: AssetStore | undefined;
  node = await startNode({
    ownerOfPicture: (assetId) => assets?.ownerOf(assetId),
    moreRoutes({ db, access, clock, feed }) {
      assets = new AssetStore({ dir, db, clock, masterKey: Buffer.alloc(32, 1) });
      return [assetRoutes({ assets, feed, access, ffmpegPath: 'ffmpeg' })];
    },
  });
  ann = await memberOf(node, 'ann');
  bob = await memberOf(node, 'bob');
});
afterEach(() => node.close());

async function picture(codec: string, source = 'testsrc2=s=400x300'): Promise<Buffer> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', source, '-frames:v', '1'],
      ...['-c:v', codec, '-f', 'image2pipe', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 1024 ** 3 },
  );
  return stdout;
}

async function upload(member: TestMember | undefined, body: Buffer, type = 'image/png') {
  const response = await fetch(`${node.url}/api/assets`, {
    method: 'POST',
    headers: {
      'content-type': type,
      ...(member && { authorization: `Bearer ${member.token}` }),
    },
    body: new Uint8Array(body),
  });
  return { status: response.status, json: await response.json() };
}

async function get(member: TestMember | undefined, assetId: string, query = '') {
  const response = await fetch(`${node.url}/api/assets/${assetId}${query}`, {
    headers: member ? { authorization: `Bearer ${member.token}` } : {},
  });
  return { status: response.status, headers: response.headers };
}

it('a picture is kept as WebP in three widths, for its owner until a post shows it', async () => {
  const { status, json } = await upload(ann, await picture('png'));
  expect(status).toBe(201);
  for (const query of ['', '?width=1280', '?width=640', '?width=320']) {
    const answer = await get(ann, json.assetId, query);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/webp');
    expect(answer.headers.get('cache-control')).toContain('private');
  }
  expect((await get(ann, json.assetId, '?width=5000')).status).toBe(400);
  expect((await get(bob, json.assetId)).status).toBe(404);
  expect((await get(undefined, json.assetId)).status).toBe(404);
});

it('what is no picture, or unpacks to too much, is refused', async () => {
  const png = await picture('png');
  const refused = [
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'),
    png.subarray(0, 60),
    Buffer.concat([png.subarray(0, 8), Buffer.alloc(500, 7)]),
    await picture('png', 'color=red:s=9000x9000'),
    Buffer.alloc(0),
  ];
  for (const body of refused) {
    const { status, json } = await upload(ann, body);
    expect([status, json.code]).toEqual([400, 'asset-invalid']);
  }
});

it('takes pictures of members alone, and of those not too much', async () => {
  const png = await picture('png');
  expect((await upload(undefined, png)).json.code).toBe('auth-required');
  expect((await upload(await guestOf(node, 'guest-1'), png)).json.code).toBe('forbidden');
  const large = Buffer.alloc(8 * 1024 * 1024 + 1);
  expect((await upload(ann, large)).json.code).toBe('message-too-large');
});

it('a post shows a picture of its author’s own, for whoever may see the post', async () => {
  const postOf = async (room: Record<string, unknown> = {}) => {
    const { room: made } = await ann.createRoom(room);
    const path = `/api/signaling/rooms/${made.roomId}/promote`;
    return (await ann.call('POST', path, {})).json.postId as string;
  };
  const choose = (member: TestMember, postId: string, thumbnailId: unknown) =>
    member.call('PATCH', `/api/posts/${postId}`, { thumbnailId });
  const png = await picture('png');
  const [mine, other, theirs] = [
    (await upload(ann, png)).json.assetId,
    (await upload(ann, png)).json.assetId,
    (await upload(bob, png)).json.assetId,
  ];
  const open = await postOf();
  const closed = await postOf({ visibility: 'invite-only' });

  const shown = await choose(ann, open, mine);
  expect(shown.json.post).toMatchObject({ thumbnailId: mine, thumbnailOrigin: 'own' });
  expect((await get(undefined, mine)).status).toBe(200);
  expect((await choose(ann, closed, other)).status).toBe(200);
  expect((await get(undefined, other)).status).toBe(404);
  expect((await get(bob, other)).status).toBe(404);
  expect((await get(ann, other)).status).toBe(200);

  const text = await ann.call('POST', '/api/posts', { text: 'Hello', context: 'profile' });
  const refused: [TestMember, string, unknown, string][] = [
    [bob, open, theirs, 'forbidden'],
    [ann, open, theirs, 'validation-failed'],
    [ann, open, other, 'validation-failed'],
    [ann, open, 'ast_doesNotExist12345', 'validation-failed'],
    [ann, open, '../../etc/passwd', 'validation-failed'],
    [ann, text.json.post.postId, mine, 'validation-failed'],
  ];
  for (const [member, postId, assetId, code] of refused) {
    expect((await choose(member, postId, assetId)).json.code).toBe(code);
  }
  const back = await choose(ann, open, null);
  expect(back.json.post.thumbnailId).toBeUndefined();
  expect((await get(undefined, mine)).status).toBe(404);
});
