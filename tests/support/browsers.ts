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
];

/**
 * What a person has: files that play as camera and microphone, Chromium's built-in fake ones, the
 * same but refused when the page asks, or none at all.
 */
export type Devices =
  | { devices: 'files'; camera: CameraFiles }
  | { devices: 'fake' | 'refused' | 'none' };

/**
 * A Chromium of one person's own.
 *
 * @param options.plays what it hears goes to the machine's sound device, where there is one
 */
export function launchBrowser(
  equipment: Devices = { devices: 'fake' },
  { plays = true } = {},
): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      ...flags,
      ...(plays ? [] : ['--disable-audio-output']),
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--use-fake-ui-for-media-stream${equipment.devices === 'refused' ? '=deny' : ''}`,
      ...(equipment.devices === 'none' ? [] : ['--use-fake-device-for-media-stream']),
      ...(equipment.devices === 'files'
        ? [
            `--use-file-for-fake-video-capture=${equipment.camera.video}`,
            `--use-file-for-fake-audio-capture=${equipment.camera.audio}`,
          ]
        : []),
    ],
  });
}
