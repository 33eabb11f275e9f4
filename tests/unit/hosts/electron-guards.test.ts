import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leavingQuestion } from '../../../main/hosts/electron/leaving-question.ts';
import {
  isOwnMainFrame,
  isOwnUrl,
  mayHavePermission,
  mayOpenOutside,
} from '../../../main/hosts/electron/own-origin.ts';
import { uiFile } from '../../../main/hosts/electron/ui-file.ts';

describe('the desktop app', () => {
  it('gives the bridge to the main frame of its own page only', () => {
    const top = { origin: 'studio://app', parent: null };
    expect(isOwnMainFrame(top)).toBe(true);
    expect(isOwnMainFrame({ ...top, parent: top })).toBe(false);
    expect(isOwnMainFrame({ origin: 'https://evil.example', parent: null })).toBe(false);
    expect(isOwnMainFrame({ origin: 'studio://app.evil', parent: null })).toBe(false);
    expect(isOwnMainFrame(null)).toBe(false);
  });

  it('stays on its own page', () => {
    expect(isOwnUrl('studio://app/join/room_x#invite=y')).toBe(true);
    for (const url of ['studio://other/', 'https://app/', 'file:///etc/passwd', 'nonsense']) {
      expect(isOwnUrl(url)).toBe(false);
    }
  });

  it('lets its own page have what a room needs, and nobody anything else', () => {
    for (const permission of [
      'media',
      'fullscreen',
      'notifications',
      'clipboard-sanitized-write',
    ]) {
      expect(mayHavePermission(permission, 'studio://app/')).toBe(true);
      expect(mayHavePermission(permission, 'https://evil.example/')).toBe(false);
    }
    for (const permission of ['geolocation', 'clipboard-read', 'openExternal', 'midi', 'hid']) {
      expect(mayHavePermission(permission, 'studio://app/')).toBe(false);
    }
  });

  it('hands web links to the browser, but nothing that starts another program', () => {
    expect(mayOpenOutside('https://example.org/page')).toBe(true);
    for (const url of ['http://example.org/', 'file:///bin/sh', 'mailto:a@b', 'smb://x', '']) {
      expect(mayOpenOutside(url)).toBe(false);
    }
  });

  it('serves files of its own folder, and the page for every route', () => {
    const ui = join('/app', 'out', 'renderer');
    expect(uiFile(ui, '/assets/a-1b2c.js')).toBe(join(ui, 'assets', 'a-1b2c.js'));
    expect(uiFile(ui, '/')).toBe(join(ui, 'index.html'));
    expect(uiFile(ui, '/join/room_abc')).toBe(join(ui, 'index.html'));
    for (const path of ['/../main/electron.js', '/..%2f..%2fsecrets.key', '/%00.js', '/%zz']) {
      expect(uiFile(ui, path)).toBeUndefined();
    }
  });

  it('asks before it cuts something off, and only then', () => {
    expect(leavingQuestion({ inRoom: false, recording: false })).toBeUndefined();
    expect(leavingQuestion({ inRoom: true, recording: false })?.message).toContain('live room');
    expect(leavingQuestion({ inRoom: true, recording: true })?.message).toContain('recording');
  });
});
