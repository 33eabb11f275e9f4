import { clsx } from 'clsx';
import { Circle, Pause, Play, Square } from 'lucide-react';
import { useId, useState } from 'react';
import { toast } from 'sonner';
import { timeLeftWords } from '../../../protocol/recording-words.ts';
import { useStudio } from '../../app/studio-context.ts';
import { useStreamingActions, useStreamingState } from '../../rooms/streaming-context.tsx';
import { Button } from '../../ui/Button.tsx';
import { explain } from '../../ui/explain.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import tray from '../RoomTray.module.css';
import { MarkerButton } from './MarkerButton.tsx';
import styles from './RecordingControls.module.css';
import { useSpaceForecast } from './use-space-forecast.ts';

/** The host's hold on the recording: on and off, a pause, markers, and how long it can go on. */
export function RecordingControls() {
  const running = useStreamingState((state) => state.room?.recording === 'recording');
  return (
    <>
      <RecordButton />
      {running && <PauseButton />}
      {running && <MarkerButton />}
    </>
  );
}

function RecordButton() {
  const { features } = useStudio();
  const forecastId = useId();
  const timeLeftMs = useSpaceForecast();
  const { setRecording } = useStreamingActions();
  const recording = useStreamingState((state) => state.room?.recording ?? 'off');
  const [asking, setAsking] = useState(false);
  const on = recording === 'recording' || recording === 'stopping';
  const changing = recording === 'starting' || recording === 'stopping';
  const { recording: offer } = features;

  async function toggle() {
    setAsking(true);
    try {
      await setRecording(!on);
    } catch (error) {
      toast.error(explain(error).message);
    } finally {
      setAsking(false);
    }
  }

  return (
    <Button
      busy={asking || changing}
      disabled={!offer.offered}
      title={offer.offered ? undefined : offer.why}
      aria-describedby={timeLeftMs === undefined ? undefined : forecastId}
      icon={
        on ? (
          <Square size={16} fill="currentColor" aria-hidden="true" />
        ) : (
          <Circle size={16} className={tray.record} fill="currentColor" aria-hidden="true" />
        )
      }
      onClick={toggle}
    >
      <span className={clsx(styles.words, tray.hideNarrow)}>
        {on ? 'Stop recording' : 'Start recording'}
        {timeLeftMs !== undefined && (
          <small id={forecastId} className={styles.forecast} aria-hidden="true">
            {timeLeftWords(timeLeftMs)} left
          </small>
        )}
      </span>
    </Button>
  );
}

function PauseButton() {
  const { setRecordingPaused } = useStreamingActions();
  const paused = useStreamingState((state) => state.room?.recordingPausedAt !== undefined);
  const [asking, setAsking] = useState(false);

  async function toggle() {
    setAsking(true);
    try {
      await setRecordingPaused(!paused);
    } catch (error) {
      toast.error(explain(error).message);
    } finally {
      setAsking(false);
    }
  }

  return (
    <IconButton
      label={paused ? 'Resume recording' : 'Pause recording'}
      busy={asking}
      icon={paused ? <Play size={18} /> : <Pause size={18} />}
      onClick={toggle}
    />
  );
}
