import { useEffect, useRef } from 'react';
import { loudnessOf } from '../media/loudness.ts';
import styles from './MicrophoneLevel.module.css';

/** Below this root mean square of the samples (1 is full scale) a bar stays dark. */
const STEPS = [0.006, 0.02, 0.05, 0.1];

/** Bars that follow one's own voice: proof that the microphone works. */
export function MicrophoneLevel({ stream }: { stream: MediaStream }) {
  const meter = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    const source = context.createMediaStreamSource(stream);
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let frame = requestAnimationFrame(function draw() {
      analyser.getFloatTimeDomainData(samples);
      const level = loudnessOf(samples);
      const lit = STEPS.filter((step) => level > step).length;
      if (meter.current) meter.current.dataset.lit = String(lit);
      frame = requestAnimationFrame(draw);
    });
    return () => {
      cancelAnimationFrame(frame);
      source.disconnect();
      void context.close();
    };
  }, [stream]);

  return (
    <span ref={meter} className={styles.meter} role="img" aria-label="Microphone level">
      {STEPS.map((step) => (
        <span key={step} className={styles.bar} />
      ))}
    </span>
  );
}
