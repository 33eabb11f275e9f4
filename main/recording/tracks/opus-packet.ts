/** Frame lengths in samples at 48 kHz by configuration number (RFC 6716, table 2). */
const SILK = [480, 960, 1920, 2880];
const HYBRID = [480, 960];
const CELT = [120, 240, 480, 960];

/** How long a packet of Opus sounds, in samples at 48 kHz (RFC 6716, section 3.1); 0 for none. */
export function opusSamples(packet: Uint8Array): number {
  const [toc = 0, count = 0] = packet;
  const config = toc >> 3;
  const frame =
    config < 12 ? SILK[config % 4] : config < 16 ? HYBRID[config % 2] : CELT[config % 4];
  const frames = [1, 2, 2, count & 0x3f][toc & 3] ?? 0;
  return packet.length === 0 ? 0 : (frame ?? 0) * frames;
}

/** Whether a packet was encoded as stereo (the TOC byte's `s`). */
export function isStereoOpus(packet: Uint8Array): boolean {
  return ((packet[0] ?? 0) & 4) !== 0;
}
