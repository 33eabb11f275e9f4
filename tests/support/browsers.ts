import { type Browser, chromium } from 'playwright';
import type { CameraFiles } from './media-fixtures.ts';

/** Chromium as the set-up found it. */
export const chromiumPath = process.env.SWARM_CHROMIUM ?? '/usr/bin/chromium';

const flags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
];

/** A Chromium of one person's own; without files, with Chromium's built-in fake camera. */
export function launchBrowser(camera?: CameraFiles): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      ...flags,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(camera
        ? [
            `--use-file-for-fake-video-capture=${camera.video}`,
            `--use-file-for-fake-audio-capture=${camera.audio}`,
          ]
        : []),
    ],
  });
}
