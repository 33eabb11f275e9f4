import { LogIn } from 'lucide-react';
import { type FormEvent, useEffect, useId, useRef } from 'react';
import type { Room } from '../../protocol/rooms.ts';
import { validGuestName } from '../app/guest-name.ts';
import { useStudio } from '../app/studio-context.ts';
import { useStreamingActions, useStreamingState } from '../rooms/streaming-context.tsx';
import { Button } from '../ui/Button.tsx';
import { type Explanation, explain } from '../ui/explain.ts';
import { InlineProblem } from '../ui/InlineProblem.tsx';
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
  /** Why the last try did not work. */
  refusal: Explanation | undefined;
  onRefused: (refusal: Explanation | undefined) => void;
}

/** Before the room: who one is, how one looks, and the way in. */
export function Lobby({ roomId, room, invite, refusal, onRefused }: LobbyProps) {
  const { member, features } = useStudio();
  const { prepare, join } = useStreamingActions();
  const elsewhere = useStreamingState(({ phase }) => phase === 'inside');
  const preview = useDevicePreview();
  const guest = useGuestName();
  const joining = useStreamingState(({ phase }) => phase === 'joining');
  const submitted = useRef(false);
  const reasonId = useId();
  const name = member?.displayName ?? guest.typed;

  useEffect(() => void prepare(), [prepare]);

  const block = joinBlock({
    streaming: features.streaming,
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
      await join({ roomId, stream, ...(invite !== undefined && { invitationToken: invite }) });
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
        <RoomSummary room={room} />
        {!member && (
          <TextField
            label="Display name"
            autoComplete="name"
            maxLength={64}
            value={guest.typed}
            description="What the others see. No account is needed."
            onChange={(event) => guest.type(event.target.value)}
            onBlur={guest.keep}
          />
        )}
        {refusal && <InlineProblem message={refusal.message} />}
        <div className={styles.go}>
          <Button
            type="submit"
            variant="primary"
            size="large"
            wide
            busy={joining}
            disabled={block !== undefined}
            aria-describedby={block === undefined ? undefined : reasonId}
            icon={<LogIn size={20} aria-hidden="true" />}
          >
            Join room
          </Button>
          <p id={reasonId} className={styles.reason} role="status">
            {block}
          </p>
        </div>
      </div>
    </form>
  );
}
