import { Link, useMatchRoute } from '@tanstack/react-router';
import { useEffect } from 'react';
import { toast } from 'sonner';
import { useStudio } from '../app/studio-context.ts';
import { ChatButton } from '../chat/ChatButton.tsx';
import { ConnectionDetails } from '../diagnostics/ConnectionDetails.tsx';
import { useStreamingActions, useStreamingState } from '../rooms/streaming-context.tsx';
import { AfterPicture } from './AfterPicture.tsx';
import { CrowdCard } from './CrowdCard.tsx';
import { LostDeviceNotice } from './devices/LostDeviceNotice.tsx';
import { endedWords } from './ended-words.ts';
import { HostControls } from './HostControls.tsx';
import { KnockCards } from './knocks/KnockCards.tsx';
import { LeaveControls } from './LeaveControls.tsx';
import { HeldNotice } from './moderation/HeldNotice.tsx';
import { WaitingActsCard } from './moderation/WaitingActsCard.tsx';
import { PeopleButton } from './PeopleButton.tsx';
import { RelayCard } from './RelayCard.tsx';
import { RoomChips } from './RoomChips.tsx';
import { RoomDialogs } from './RoomDialogs.tsx';
import { RoomTiles } from './RoomTiles.tsx';
import styles from './RoomTray.module.css';
import { RecordingNotice } from './recording/RecordingNotice.tsx';
import { SelfControls } from './SelfControls.tsx';

/** The room one is in, on every page: what it is doing, and all one can do to it. */
export function RoomTray() {
  const phase = useStreamingState((state) => state.phase);
  const room = useStreamingState((state) => state.room);
  const matches = useMatchRoute();
  // Its lobby leads on to the stage at once.
  const onStage =
    room !== undefined &&
    (['/room/$roomId', '/join/$roomId'] as const).some((to) =>
      matches({ to, params: { roomId: room.roomId } }),
    );
  useEndedNotice(onStage);
  useProblemNotice();
  if (phase !== 'inside' || !room) return null;
  return (
    <section className={styles.tray} data-testid="room-tray" aria-label="Room">
      {!onStage && (
        <div className={styles.strip}>
          <div className={styles.about}>
            <Link to="/room/$roomId" params={{ roomId: room.roomId }} className={styles.title}>
              {room.title}
            </Link>
            <RoomChips />
          </div>
          <TileStrip />
        </div>
      )}
      <KnockCards />
      <CrowdCard />
      <RelayCard />
      <WaitingActsCard />
      <HeldNotice />
      <LostDeviceNotice />
      <RecordingNotice />
      <div className={styles.controls}>
        <AfterPicture>
          <SelfControls />
          <PeopleButton />
          <ChatButton />
          <ConnectionDetails />
          <HostControls />
          <LeaveControls onStage={onStage} />
        </AfterPicture>
      </div>
      <RoomDialogs />
    </section>
  );
}

/** Everybody in small. What scrolls has to be within reach of a keyboard too. */
function TileStrip() {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: its content scrolls, and not by Tab.
    <section className={styles.tiles} aria-label="People’s pictures" tabIndex={0}>
      <RoomTiles compact />
    </section>
  );
}

/** Says that the room ended to somebody who is looking at another page. */
function useEndedNotice(onStage: boolean) {
  const { dismiss } = useStreamingActions();
  const { member } = useStudio();
  const ended = useStreamingState((state) => state.phase === 'ended');
  const words = useStreamingState(endedWords);
  const own = useStreamingState((state) => state.room?.host.userId === member?.userId);
  const reason = useStreamingState((state) => state.endedReason);
  useEffect(() => {
    if (!ended || onStage) return;
    // Hosts know what they have just done.
    if (!own || reason !== 'ended-by-host') toast(words, { id: 'room-ended' });
    dismiss();
  }, [ended, onStage, own, reason, words, dismiss]);
}

/** Says what went wrong while in the room, once for each problem. */
function useProblemNotice() {
  const problem = useStreamingState((state) =>
    state.phase === 'inside' ? state.problem?.message : undefined,
  );
  const recording = useStreamingState(
    (state) => state.recorder.problem ?? state.room?.recordingError,
  );
  useEffect(() => {
    if (problem) toast.error(problem, { id: 'room-problem' });
  }, [problem]);
  useEffect(() => {
    if (recording) toast.error(recording, { id: 'recording-problem', duration: 12_000 });
  }, [recording]);
}
