import { enterRoom, openLobby, readTiles, startRoom } from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';

declare global {
  interface Window {
    /** Every connection that this page has made. */
    connections?: RTCPeerConnection[];
  }
}

/** Keeps a page's connections within reach, whichever code makes them. */
function keepConnections(): void {
  const connections: RTCPeerConnection[] = [];
  window.connections = connections;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(config?: RTCConfiguration) {
      super(config);
      connections.push(this);
    }
  };
}

test('in a private room everybody sees and hears everybody, and nothing leaves unencrypted', async ({
  studio,
}) => {
  const host = await studio.host();
  const link = await startRoom(host, { title: 'Confidential', private: true, record: false });
  const ada = await studio.person();
  await ada.addInitScript(keepConnections);
  await enterRoom(ada, link, 'Ada');
  await expect(ada.getByText('End-to-end encrypted').first()).toBeVisible();

  for (const page of [host, ada]) {
    const remote = page.locator('[data-testid="tile"]:not([data-self="true"]) video');
    await remote.waitFor();
    await remote.evaluate(
      (video: HTMLVideoElement) =>
        new Promise((resolve) => video.requestVideoFrameCallback(resolve)),
    );
    const other = (await readTiles(page)).find(({ self }) => !self);
    expect(other?.framesIn2s).toBeGreaterThan(0);
    expect(other?.peakRms).toBeGreaterThan(0.001);
  }

  const sending = await ada.evaluate(() =>
    (window.connections ?? [])
      // One that was begun at the door and never used has sent nothing.
      .filter(({ connectionState }) => connectionState === 'connected')
      .flatMap((connection) => connection.getSenders())
      .filter(({ track }) => track)
      .map(({ transform }) => transform instanceof RTCRtpScriptTransform),
  );
  expect(sending).toEqual([true, true]);

  const grace = await studio.person({ devices: 'none' });
  await grace.addInitScript(() => Reflect.deleteProperty(window, 'RTCRtpScriptTransform'));
  await openLobby(grace, link, 'Grace');
  await expect(grace.getByText('this browser can’t do that')).toBeVisible();
  await expect(grace.getByRole('button', { name: 'Join room' })).toBeDisabled();
});
