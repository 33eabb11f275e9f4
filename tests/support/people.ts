import type { Page } from 'playwright';

/** Waits until the page's first route can be used. */
export async function ready(page: Page): Promise<void> {
  await page.waitForSelector('html[data-ready="true"]', { state: 'attached' });
}

/** First start of a studio: opens its window, fills in the profile, and lands on it. */
export async function openStudio(
  page: Page,
  studioUrl: string,
  profile: { handle: string; displayName: string },
): Promise<void> {
  await page.goto(studioUrl);
  await ready(page);
  await page.getByLabel('Handle').fill(profile.handle);
  await page.getByLabel('Display name').fill(profile.displayName);
  await page.getByRole('button', { name: 'Save profile' }).click();
  await page.getByRole('button', { name: 'Start live room' }).waitFor();
}

/** Starts a room from the composer of the page that is open; answers the invite link. */
export async function startRoom(
  page: Page,
  room: {
    title: string;
    visibility?: string;
    private?: boolean;
    record: boolean;
    separateTracks?: boolean;
  },
): Promise<string> {
  await page.getByRole('button', { name: 'Start live room' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title').fill(room.title);
  if (room.visibility) {
    await dialog.getByRole('radio', { name: room.visibility }).click();
  }
  if (room.private) await dialog.getByRole('switch', { name: 'End-to-end encrypted' }).click();
  const record = dialog.getByRole('switch', { name: 'Record this room' });
  if ((await record.getAttribute('aria-checked')) !== String(room.record)) await record.click();
  const apart = dialog.getByRole('switch', { name: 'Separate tracks' });
  if (room.separateTracks && (await apart.getAttribute('aria-checked')) !== 'true') {
    await apart.click();
  }
  await dialog.getByRole('button', { name: 'Start room' }).click();
  await page.getByTestId('room-tray').waitFor();
  return inviteLink(page);
}

/** The invite link as the room's page shows it. */
async function inviteLink(page: Page): Promise<string> {
  const shown = page.getByTitle(/\/join\/room_/).first();
  return (await shown.getAttribute('title')) ?? '';
}

/** Copies the invite link from the tray and reads it from the clipboard. */
export async function copyInviteLink(page: Page): Promise<string> {
  // A grant takes back whatever it does not name, running cameras included.
  await page
    .context()
    .grantPermissions(['camera', 'microphone', 'clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy invite link' }).first().click();
  const link = await page.waitForFunction(async () => {
    const text = await navigator.clipboard.readText();
    return text.includes('/join/') ? text : undefined;
  });
  return String(await link.jsonValue());
}

/** Makes an invitation from the room's side panel; answers the link it put on the clipboard. */
export async function createInvite(
  page: Page,
  invite: { who: string; role?: string; singleUse?: boolean },
): Promise<string> {
  await page
    .context()
    .grantPermissions(['camera', 'microphone', 'clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'New invite' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Whom it is for').fill(invite.who);
  if (invite.role) await dialog.getByRole('radio', { name: invite.role }).click();
  const single = dialog.getByRole('switch', { name: 'For one person' });
  const wanted = String(invite.singleUse ?? true);
  if ((await single.getAttribute('aria-checked')) !== wanted) await single.click();
  await dialog.getByRole('button', { name: 'Create and copy link' }).click();
  await page.getByText(`The link for “${invite.who}” is copied`).waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Does something to somebody by the menu in the roster, e.g. `Remove…` or a mute and its limit. */
export async function moderatePerson(
  page: Page,
  name: string,
  ...items: readonly string[]
): Promise<void> {
  const roster = page.getByRole('list', { name: 'People in the room' }).first();
  await roster.getByRole('button', { name: `Moderate ${name}` }).click();
  for (const item of items) await page.getByRole('menuitem', { name: item }).click();
}

/** Goes in by a link with a name, until the room is there. */
export async function enterRoom(page: Page, link: string, displayName: string): Promise<void> {
  await openLobby(page, link, displayName);
  await page.getByRole('button', { name: 'Join room' }).click();
  await page.getByTestId('room-tray').waitFor();
}

/** Opens the lobby by its link and gives a name, ready for the click on "Join room". */
export async function openLobby(page: Page, link: string, displayName: string): Promise<void> {
  await page.addInitScript(installJoinProbe);
  await page.goto(link);
  await ready(page);
  await page.getByLabel('Display name').fill(displayName);
}

/** Clicks "Join room" and answers the milliseconds until the first remote frame was shown. */
export async function joinRoom(page: Page): Promise<number> {
  await page.getByRole('button', { name: 'Join room' }).click();
  const elapsed = await page.waitForFunction(() => window.joinToFirstFrameMs);
  return Number(await elapsed.jsonValue());
}

/** Publishes the open room as a live post. */
export async function goLive(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Go live' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Go live' }).click();
  await page.getByText('Live', { exact: true }).first().waitFor();
}

/** Turns recording on and lets it run; answers how long it had run, in milliseconds. */
export async function recordFor(page: Page, seconds: number): Promise<number> {
  await page.getByRole('button', { name: 'Start recording' }).first().click();
  await page.getByRole('button', { name: 'Stop recording' }).first().waitFor();
  return recorderHasRun(page, seconds);
}

/** Waits until the page's newest encoder has run that long; answers how long it has, in milliseconds. */
export async function recorderHasRun(page: Page, seconds: number): Promise<number> {
  const elapsed = await page.waitForFunction(
    (ms) => {
      const started = performance.getEntriesByName('swarm:recorder-started').at(-1);
      const ran = started ? performance.now() - started.startTime : 0;
      return ran >= ms ? ran : undefined;
    },
    seconds * 1000,
    { timeout: seconds * 1000 + 60_000 },
  );
  return Number(await elapsed.jsonValue());
}

/** Ends the open room for everybody. */
export async function endRoom(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'End room', exact: true }).first().click();
  await page.getByRole('button', { name: 'End room for everyone' }).click();
}

/** Plays the open replay, seeks to its middle and plays on; answers what it saw. */
export async function playReplay(page: Page): Promise<{ durationS: number; frames: number }> {
  await playerIs(page, 'ready');
  return page.getByTestId('replay-player').evaluate(async (element) => {
    const video = element as HTMLVideoElement;
    video.muted = true;
    const reached = (seconds: number) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (video.currentTime < seconds) return;
          video.removeEventListener('timeupdate', check);
          resolve();
        };
        video.addEventListener('timeupdate', check);
      });
    await video.play();
    await reached(1);
    const middle = video.duration / 2;
    video.currentTime = middle;
    await reached(middle + 0.5);
    return {
      durationS: video.duration,
      frames: video.getVideoPlaybackQuality().totalVideoFrames,
    };
  });
}

/** Waits until the player of a replay or of something live is in this state. */
export async function playerIs(
  page: Page,
  state: 'ready' | 'reconnecting' | 'failed',
): Promise<void> {
  const player = page.locator(`[data-testid="player-state"][data-state="${state}"]`);
  await player.waitFor({ state: 'attached' });
}

/** Where the player stands, and how many pictures it has shown. */
export function playerNow(page: Page): Promise<{ atS: number; frames: number; paused: boolean }> {
  return page.getByTestId('replay-player').evaluate((element) => {
    const video = element as HTMLVideoElement;
    const frames = video.getVideoPlaybackQuality().totalVideoFrames;
    return { atS: video.currentTime, frames, paused: video.paused };
  });
}

declare global {
  interface Window {
    joinToFirstFrameMs?: number;
  }
}

/**
 * Runs in the page: from the click on "Join room" to the first frame that any remote tile
 * presents (`requestVideoFrameCallback`).
 */
export function installJoinProbe(): void {
  let clickedAt: number | undefined;
  const watched = new WeakSet<HTMLVideoElement>();
  document.addEventListener(
    'click',
    (event) => {
      const button = event.target instanceof Element && event.target.closest('button');
      if (button instanceof Element && button.textContent?.includes('Join room'))
        clickedAt = performance.now();
    },
    { capture: true },
  );
  const look = () => {
    const videos = document.querySelectorAll<HTMLVideoElement>(
      '[data-testid="tile"]:not([data-self="true"]) video',
    );
    for (const video of videos) {
      if (watched.has(video)) continue;
      watched.add(video);
      video.requestVideoFrameCallback((now) => {
        if (clickedAt !== undefined) window.joinToFirstFrameMs ??= now - clickedAt;
      });
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}

/** What one tile really shows: `frames` counted, `loudness` the RMS of its sound, 0 to 1. */
export interface TileReading {
  peerId: string;
  self: boolean;
  framesIn2s: number;
  peakRms: number;
}

/** Watches every tile of the page for two seconds. */
export function readTiles(page: Page): Promise<TileReading[]> {
  return page.evaluate(async () => {
    const tiles = [...document.querySelectorAll<HTMLElement>('[data-testid="tile"]')];
    const audio = new AudioContext();
    await audio.resume();
    const readings = await Promise.all(
      tiles.map(async (tile) => {
        const video = tile.querySelector('video');
        const stream = video?.srcObject instanceof MediaStream ? video.srcObject : undefined;
        const before = video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
        let peakRms = 0;
        const analyser = audio.createAnalyser();
        if (stream?.getAudioTracks().length) {
          audio.createMediaStreamSource(stream).connect(analyser);
        }
        const samples = new Float32Array(analyser.fftSize);
        for (let tick = 0; tick < 40; tick++) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          analyser.getFloatTimeDomainData(samples);
          const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
          peakRms = Math.max(peakRms, Math.sqrt(power));
        }
        return {
          peerId: tile.dataset.peerId ?? '',
          self: tile.dataset.self === 'true',
          framesIn2s: (video?.getVideoPlaybackQuality().totalVideoFrames ?? 0) - before,
          peakRms,
        };
      }),
    );
    await audio.close();
    return readings;
  });
}
