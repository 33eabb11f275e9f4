import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchBrowser } from '../support/browsers.ts';
import { inspectReplay } from '../support/inspect-replay.ts';
import {
  endRoom,
  goLive,
  joinRoom,
  openLobby,
  playReplay,
  readTiles,
  recordFor,
  startRoom,
} from '../support/people.ts';
import { introduce, startApp } from './studio-app.ts';

test('the desktop app goes live, is joined by link, records, stops, and plays the replay', async () => {
  const screenshots = join(import.meta.dirname, '../../test-results/electron');
  const studio = await startApp();
  const browser = await launchBrowser();
  try {
    const { window, address } = studio;
    await introduce(window);
    const link = await startRoom(window, { title: 'From the desktop', record: false });
    const guest = await browser.newPage();
    await openLobby(guest, link, 'Ada');
    await joinRoom(guest);
    for (const page of [window, guest]) {
      const remote = (await readTiles(page)).filter((tile) => !tile.self);
      expect(remote).toHaveLength(1);
      expect(remote[0]?.framesIn2s).toBeGreaterThan(0);
      expect(remote[0]?.peakRms).toBeGreaterThan(0.001);
    }
    await goLive(window);

    await recordFor(window, 6);
    await window.screenshot({ path: join(screenshots, 'room.png') });
    await window.getByRole('button', { name: 'Stop recording' }).first().click();
    await window.getByRole('button', { name: 'Start recording' }).first().waitFor();
    await endRoom(window);
    await expect(guest.getByText('This room has ended').first()).toBeVisible();

    await window.getByRole('link', { name: 'Profile' }).first().click();
    const card = window.locator('[data-testid="stream-card"][data-state="ready"]');
    await card.getByRole('link', { name: 'Watch replay' }).click();
    expect((await playReplay(window)).frames).toBeGreaterThan(0);
    await window.screenshot({ path: join(screenshots, 'replay.png') });

    const roomId = /room_[\w-]+/.exec(link)?.[0];
    const status = await fetch(`${address}/api/streams/${roomId}/recording`);
    const { recordingId } = (await status.json()) as { recordingId: string };
    const replay = await inspectReplay(address, recordingId);
    expect(replay.durationMs).toBeGreaterThan(5000);
    expect(replay.streams).toEqual({ video: 'h264', audio: 'opus' });
    expect(replay.hashesVerified).toBe(replay.manifest.segments.length + 1);
    expect(replay.maxVolumeDb).toBeGreaterThan(-40);
  } finally {
    await browser.close();
    await studio.end();
  }
});
