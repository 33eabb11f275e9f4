import type { LinkSample } from '../../rooms/link-sample.ts';
import type { Figure } from './link-history.ts';

export const FIGURE_NAMES: Record<Figure, string> = {
  roundTripMs: 'Round trip',
  lossShare: 'Packet loss',
  jitterMs: 'Jitter',
  receiveBits: 'Receiving',
  sendBits: 'Sending',
};

/** A figure as people read it, with its unit: `12 ms`, `0.4 %`, `1.2 Mbit/s`. */
export function figureWords(figure: Figure, value: number | undefined): string {
  if (value === undefined) return '–';
  switch (figure) {
    case 'roundTripMs':
    case 'jitterMs':
      return `${value > 0 && value < 1 ? '< 1' : Math.round(value)} ms`;
    case 'lossShare':
      return `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;
    case 'receiveBits':
    case 'sendBits':
      return value < 999_500
        ? `${Math.round(value / 1000)} kbit/s`
        : `${(value / 1_000_000).toFixed(1)} Mbit/s`;
  }
}

/** e.g. `640 × 360, 24 fps, VP8`; `undefined` while no picture travels in this direction. */
export function pictureWords(
  stream: LinkSample['received']['video'] | LinkSample['sent']['video'],
): string | undefined {
  if (!stream?.frameWidth || !stream.frameHeight) return undefined;
  const { frameWidth, frameHeight, framesPerSecond = 0, codec } = stream;
  const parts = [`${frameWidth} × ${frameHeight}`, `${Math.round(framesPerSecond)} fps`, codec];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** How media travels: `Direct, UDP` or `Relayed, TLS to the relay`. */
export function pathWords(sample: LinkSample | undefined): string | undefined {
  if (sample?.relayed === undefined) return undefined;
  const { protocol, relayProtocol, addressFamily } = sample;
  const details = sample.relayed
    ? [relayProtocol && `${relayProtocol.toUpperCase()} to the relay`]
    : [protocol?.toUpperCase(), addressFamily];
  return [sample.relayed ? 'Relayed' : 'Direct', ...details].filter(Boolean).join(', ');
}
