import { Hand, LogIn } from 'lucide-react';
import { type FormEvent, useEffect, useId, useRef } from 'react';
import type { Room } from '../../protocol/rooms.ts';
import { validGuestName } from '../app/guest-name.ts';
import { useStudio } from '../app/studio-context.ts';
import { ConnectionCheckButton } from '../diagnostics/ConnectionCheckButton.tsx';
import { useStreamingActions, useStreamingState } from '../rooms/streaming-context.tsx';
import { Button } from '../ui/Button.tsx';
import { type Explanation, explain } from '../ui/explain.ts';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { Spinner } from '../ui/Spinner.tsx';
import { TextField } from '../ui/TextField.tsx';
import type { Loaded } from '../ui/use-load.ts';
import { DevicePreviewPanel } from './DevicePreviewPanel.tsx';
import styles from './Lobby.module.css';
import { joinBlock } from './lobby-door.ts';
import { RoomSummary } from './RoomSummary.tsx';
import { useDevicePreview } from './use-device-preview.ts';
import { useGuestName } from './use-guest-name.ts';

export interface LobbyProps {
  roomId: string;
  /** May be refused by a node that takes invitations only when joining. */
  room: Loaded<Room>;
  invite: string | undefined;
  /** Why one can't just go in: then one asks to be let in. */
  shut: Explanation | undefined;
  /** Why the last try did not work. */
  refusal: Explanation | undefined;
  onRefused: (refusal: Explanation | undefined) => void;
}

/** Before the room: who one is, how one looks, and the way in. */
export function Lobby({ roomId, room, invite, shut, refusal, onRefused }: LobbyProps) {
  const { member, features } = useStudio();
  const { prepare, rehearse, join, knock, cancelKnock } = useStreamingActions();
  const elsewhere = useStreamingState(({ phase }) => phase === 'inside');
  const preview = useDevicePreview();
  const guest = useGuestName();
  const joining = useStreamingState(({ phase }) => phase === 'joining');
  const waits = useStreamingState(
    ({ phase, waiting }) => phase === 'waiting' && waiting?.roomId === roomId,
  );
  const submitted = useRef(false);
  const reasonId = useId();
  const name = member?.displayName ?? guest.typed;

  const shown = preview.state.status === 'ready' ? preview.state.stream : undefined;
  useEffect(() => void prepare(), [prepare]);
  useEffect(() => {
    rehearse(shown);
    return () => rehearse(undefined);
  }, [rehearse, shown]);
  // Whoever goes away from the door does not want to be let in any more.
  useEffect(() => cancelKnock, [cancelKnock]);

  const block = joinBlock({
    streaming: features.streaming,
    encryption: features.encryption,
    room,
    guest: member ? undefined : { name: validGuestName(guest.typed) },
    devices: preview.state.status,
    elsewhere,
  });

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (block !== undefined || submitted.current) return;
    if (!member) guest.keep();
    submitted.current = true;
    onRefused(undefined);
    const stream = preview.take();
    // Once inside, the page of this door leads on to the stage by itself.
    try {
      const entered = shut
        ? await knock({ roomId, stream })
        : await join({ roomId, stream, ...(invite !== undefined && { invitationToken: invite }) });
      if (entered) return;
      preview.giveBack(stream);
      submitted.current = false;
      void prepare();
    } catch (error) {
      preview.giveBack(stream);
      submitted.current = false;
      onRefused(explain(error));
    }
  }

  return (
    <form className={styles.lobby} onSubmit={submit} noValidate>
      <DevicePreviewPanel preview={preview} name={name} />
      <div className={styles.side}>
        <RoomSummary room={room} shut={shut} />
        {!member && (
          <TextField
            label="Display name"
            autoComplete="name"
            maxLength={64}
            value={guest.typed}
            disabled={waits}
            description="What the others see. No account is needed."
            onChange={(event) => guest.type(event.target.value)}
            onBlur={guest.keep}
          />
        )}
        {refusal && refusal.code !== shut?.code && <InlineProblem message={refusal.message} />}
        {waits ? (
          <Waiting onCancel={cancelKnock} />
        ) : (
          <div className={styles.go}>
            <Button
              type="submit"
              variant="primary"
              size="large"
              wide
              busy={joining}
              disabled={block !== undefined}
              // Whoever comes this way means the name, and is about to click.
              onPointerEnter={guest.keep}
              aria-describedby={block === undefined ? undefined : reasonId}
              icon={
                shut ? (
                  <Hand size={20} aria-hidden="true" />
                ) : (
                  <LogIn size={20} aria-hidden="true" />
                )
              }
            >
              {shut ? 'Ask to join' : 'Join room'}
            </Button>
            <p id={reasonId} className={styles.reason} role="status">
              {block}
            </p>
          </div>
        )}
        <ConnectionCheckButton
          preview={preview.state.status === 'ready' ? preview.state.stream : undefined}
        />
      </div>
    </form>
  );
}

/** Somebody inside has to decide now. */
function Waiting({ onCancel }: { onCancel: () => void }) {
  return (
    <div className={styles.waiting}>
      <p className={styles.waitingWords} role="status">
        <Spinner />
        <span>
          <strong>Waiting for approval…</strong> The host has been asked. You go in by yourself as
          soon as they let you.
        </span>
      </p>
      <Button wide onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}
