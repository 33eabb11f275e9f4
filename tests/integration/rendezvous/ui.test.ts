import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNode, type TestNode } from './node.ts';

let node: TestNode;
let uiDir: string;
const html = { accept: 'text/html,application/xhtml+xml' };

beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'swarm-ui-'));
  uiDir = join(dir, 'ui');
  await mkdir(join(uiDir, 'assets'), { recursive: true });
  await writeFile(join(dir, 'secret.txt'), 'not for you');
  await writeFile(join(uiDir, 'index.html'), '<title>Studio</title>');
  await writeFile(join(uiDir, 'assets', 'app-1a2b.js'), 'export {}');
  node = await startNode({ uiDir });
});
afterAll(async () => {
  await node.close();
  await rm(join(uiDir, '..'), { recursive: true });
});

describe('the UI for guests', () => {
  it.each(['/', '/join/room_1234567890', '/profile/ann', '/apiary'])(
    'is the same page at %s',
    async (path) => {
      const page = await node.request('GET', path, undefined, html);
      expect(page).toMatchObject({ status: 200, text: '<title>Studio</title>' });
      expect(page.headers.get('content-type')).toContain('text/html');
      expect(page.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it.each(['/api/nothing', '/replays/rec_1/nothing', '/ws', '/.well-known/nothing', '/api'])(
    'is never at %s',
    async (path) => {
      const answer = await node.request('GET', path, undefined, html);
      expect(answer.status).toBe(404);
      expect(answer.text).not.toContain('Studio');
    },
  );

  it('has files that can be kept for ever', async () => {
    const file = await node.request('GET', '/assets/app-1a2b.js');
    expect(file.headers.get('cache-control')).toContain('immutable');
    const missing = await node.request('GET', '/assets/app-9999.js');
    expect(missing).toMatchObject({ status: 404, json: { code: 'not-found' } });
  });

  it('does not lead out of its folder', async () => {
    for (const path of ['/..%2fsecret.txt', '/assets/..%2f..%2fsecret.txt', '/%2e%2e/secret.txt']) {
      const answer = await node.request('GET', path);
      expect(answer.text).not.toContain('not for you');
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    }
  });

  it('may load from its own node alone', async () => {
    const page = await node.request('GET', '/', undefined, html);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("worker-src 'self' blob:");
    expect(policy).toContain(node.url.replace('http', 'ws'));
    // A source with an IPv6 address is invalid (CSP 3, section 2.3.1), and nobody listens there.
    expect(policy).not.toContain('[');
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });
});
