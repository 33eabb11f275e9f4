import { mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../../main/diagnostics/logger.ts';

describe('the log', () => {
  let dir: string;
  let terminal: PassThrough;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'swarm-log-'));
    terminal = new PassThrough({ encoding: 'utf8' });
  });
  afterEach(() => rm(dir, { recursive: true }));

  const open = () => createLogger({ dir, level: 'info', terminal });
  const file = () => readFile(join(dir, 'studio.log'), 'utf8');

  it('has everything in its file, and warnings in words on the terminal', async () => {
    const logger = open();
    logger.debug('how it went');
    logger.info('what was done');
    logger.warn('something was refused');
    logger.error({ err: new Error('disk full'), reference: 'ref_1' }, 'a slice was lost');
    const lines = (await file()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
      'what was done',
      'something was refused',
      'a slice was lost',
    ]);
    expect(terminal.read()).toBe(
      'warning: something was refused\nerror: a slice was lost: disk full (reference ref_1)\n',
    );
  });

  it('never has a key, a ticket or a bearer token', async () => {
    const logger = open();
    const secret = 'do-not-show-me';
    logger.warn({ token: secret, body: { invitationToken: secret, meshTicket: secret } }, 'a');
    logger.warn({ req: { headers: { authorization: secret } } }, 'b');
    logger.warn({ req: { headers: { 'sec-websocket-protocol': secret } } }, 'c');
    expect(await file()).not.toContain(secret);
    expect(terminal.read()).not.toContain(secret);
  });

  it('is readable by this user alone', async () => {
    open().info('hello');
    expect((await stat(join(dir, 'studio.log'))).mode & 0o077).toBe(0);
  });

  it('is set aside when it has grown large', async () => {
    open().info('old');
    await truncate(join(dir, 'studio.log'), 6 * 1024 * 1024);
    open().info('new');
    expect((await readdir(dir)).toSorted()).toEqual(['studio.log', 'studio.previous.log']);
    expect(JSON.parse(await file()).msg).toBe('new');
  });
});
