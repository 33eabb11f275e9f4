import { EventEmitter } from 'node:events';
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Settings } from '../../../main/settings/settings.ts';
import { openTurn } from '../../../main/turn/open-turn.ts';
import { turnCredentials } from '../../../main/turn/turn-credentials.ts';
import type { TurnFlags } from '../../../main/turn/turn-flags.ts';

const RELAY = 'turn:turn.example.org';
const NORTH = 'the-secret-of-the-north';
const SOUTH = 'the-secret-of-the-south';

let folder: string;
let secretFile: string;
let lines: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarm-turn-'));
  secretFile = join(folder, 'secret');
  lines = [];
  await writeFile(secretFile, `${NORTH}\n`, { mode: 0o600 });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function open(flags: Partial<TurnFlags>, stored: Record<string, unknown> = {}) {
  const store = { get: (key: string) => stored[key], set: () => undefined };
  const settings = new Settings(store, () => undefined);
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  const rooms = Object.assign(new EventEmitter(), { participants: () => [] });
  return openTurn({ flags, settings, rooms, clock: () => 1_800_000_000_000, logger });
}

/** What the first relay that somebody is told of asks them to show. */
function credentialOf(turn: ReturnType<typeof open>): string | undefined {
  return turn
    .iceServersFor({ roomId: 'r' }, { peerId: 'p', connection: 'direct' })
    .find(({ credential }) => credential)?.credential;
}

const signedWith = (secret: string) => turnCredentials(secret, 'r.p', 1_800_000_720_000).credential;

describe('the TURN servers of a studio', () => {
  it('are none unless some are named', () => {
    expect(open({}).relays).toBe(false);
  });

  it('come from the settings', () => {
    const turn = open({}, { turnUrls: [RELAY], turnSecretFile: secretFile });
    expect(credentialOf(turn)).toBe(signedWith(NORTH));
  });

  it('come from the command line before the settings', () => {
    const turn = open(
      { turnUrls: [RELAY], turnSecretFile: secretFile },
      { turnUrls: ['turn:old.example.org'], turnSecretFile: '/nowhere' },
    );
    const [relay] = turn.iceServersFor({ roomId: 'r' }, { peerId: 'p', connection: 'direct' });
    expect(relay?.urls).toEqual([RELAY]);
  });

  it('need no secret where they are STUN servers', () => {
    expect(credentialOf(open({ turnUrls: ['stun:turn.example.org'] }))).toBeUndefined();
  });

  it('are refused without the secret they ask for', () => {
    expect(() => open({ turnUrls: [RELAY] })).toThrow(
      expect.objectContaining({
        code: 'turn-misconfigured',
        message: expect.stringContaining('--turn-secret-file'),
      }),
    );
  });

  it.each([
    ['too short', 'short'],
    ['empty', ''],
    ['two lines', `${NORTH}\n${SOUTH}`],
  ])('are refused with a secret that is %s, without telling it', async (_what, text) => {
    await writeFile(secretFile, text);
    expect(() => open({ turnUrls: [RELAY], turnSecretFile: secretFile })).toThrow(
      expect.objectContaining({
        code: 'turn-misconfigured',
        message: expect.not.stringContaining(NORTH),
      }),
    );
  });

  it('are refused with a secret that is not there', () => {
    const turnSecretFile = join(folder, 'absent');
    expect(() => open({ turnUrls: [RELAY], turnSecretFile })).toThrow(/can’t be read \(ENOENT\)/);
  });

  it('take a new secret without a restart, and keep the last when it goes missing', async () => {
    const turn = open({ turnUrls: [RELAY], turnSecretFile: secretFile });
    expect(credentialOf(turn)).toBe(signedWith(NORTH));
    await writeFile(`${secretFile}.new`, SOUTH, { mode: 0o600 });
    await rename(`${secretFile}.new`, secretFile);
    expect(credentialOf(turn)).toBe(signedWith(SOUTH));
    await rm(secretFile);
    expect(credentialOf(turn)).toBe(signedWith(SOUTH));
    expect(lines.join()).toContain('can’t be read');
    expect(lines.join()).not.toMatch(/the-secret-of/);
  });

  it.skipIf(process.platform === 'win32')(
    'warn of a secret that everybody on the machine may read',
    async () => {
      await chmod(secretFile, 0o644);
      open({ turnUrls: [RELAY], turnSecretFile: secretFile });
      expect(lines.join()).toContain(`chmod 600 ${secretFile}`);
    },
  );
});
