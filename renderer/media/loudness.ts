/** How loud samples from -1 to 1 are: their root mean square, 0 to 1. */
export function loudnessOf(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0);
  return Math.sqrt(power / samples.length);
}
