/** Two soft taps on wood: pitch in Hz and start in seconds. */
const TAPS = [
  { hz: 392, at: 0 },
  { hz: 392, at: 0.16 },
] as const;

/** How long a tap rings, in seconds. */
const RING_S = 0.14;
/** Full scale is 1: to be noticed beside a conversation, not to interrupt it. */
const LOUDNESS = 0.12;

/** Plays a knock. Silent where the browser holds sound back; the card is there all the same. */
export async function playKnock(): Promise<void> {
  const context = new AudioContext();
  try {
    await context.resume();
    const taps = TAPS.map(({ hz, at }) => tap(context, hz, context.currentTime + at));
    await Promise.all(taps);
  } finally {
    await context.close();
  }
}

function tap(context: AudioContext, hz: number, at: number): Promise<unknown> {
  const tone = new OscillatorNode(context, { type: 'sine', frequency: hz });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(LOUDNESS, at);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + RING_S);
  tone.frequency.setValueAtTime(hz, at);
  tone.frequency.exponentialRampToValueAtTime(hz / 2, at + RING_S);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + RING_S);
  return new Promise((resolve) => tone.addEventListener('ended', resolve, { once: true }));
}
