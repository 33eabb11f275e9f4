import { useCallback, useEffect, useRef, useState } from 'react';
import { RoomId } from '../../protocol/rooms.ts';
import { useStudio } from '../app/studio-context.ts';
import { useInvite } from '../app/use-invite.ts';
import { usePageTitle } from '../app/use-page-title.ts';
import { useStreamingActions, useStreamingState } from '../rooms/streaming-context.tsx';
import { StagePage } from '../stage/StagePage.tsx';
import type { Explanation } from '../ui/explain.ts';
import { useLoad } from '../ui/use-load.ts';
import { DoorNotice } from './DoorNotice.tsx';
import { Lobby } from './Lobby.tsx';
import { canKnock, closedDoor, knockableDoor } from './lobby-door.ts';

const NOT_OURS: Explanation = {
  code: 'not-ours',
  message:
    'No room has an address like this one. Ask whoever sent the link to copy it again in full.',
};

/** The door of a room: for guests and members alike. */
export function LobbyPage({ roomId }: { roomId: string }) {
  const ours = RoomId.safeParse(roomId).success;
  usePageTitle('Join a room');
  if (!ours) return <DoorNotice problem={NOT_OURS} host={undefined} />;
  return <KnownDoor roomId={roomId} />;
}

/** Somebody who was put out opens another invitation in the same tab: the door is a new one then. */
function useAnotherInvite(invite: string | undefined) {
  const { dismiss } = useStreamingActions();
  const over = useStreamingState(({ phase }) => phase === 'ended');
  const former = useRef(invite);
  useEffect(() => {
    if (former.current === invite) return;
    former.current = invite;
    if (over) dismiss();
  }, [invite, over, dismiss]);
}

function KnownDoor({ roomId }: { roomId: string }) {
  const { api } = useStudio();
  const invite = useInvite();
  const load = useCallback(
    async () => (await api.room(roomId, invite)).room,
    [api, roomId, invite],
  );
  const { state: room, reload } = useLoad(load);
  const [refusal, setRefusal] = useState<Explanation>();
  /** Why the door is shut at which the person chose to knock. */
  const [asks, setAsks] = useState<Explanation>();
  const inside = useStreamingState(
    ({ phase, room }) => (phase === 'inside' || phase === 'ended') && room?.roomId === roomId,
  );
  useAnotherInvite(invite);
  const closed = closedDoor(room, invite !== undefined, refusal);
  const shut = knockableDoor(closed, asks);

  // The stage takes the door's place: on a reload the person is back where they came in.
  if (inside) return <StagePage roomId={roomId} />;
  if (closed && !shut) {
    const retry = () => {
      setRefusal(undefined);
      reload();
    };
    const knock = () => {
      setAsks(closed);
      setRefusal(undefined);
    };
    const host = room.status === 'ready' ? room.value.host.handle : undefined;
    return (
      <DoorNotice
        problem={closed}
        onRetry={retry}
        onKnock={canKnock(closed) ? knock : undefined}
        host={host}
      />
    );
  }
  return (
    <Lobby
      roomId={roomId}
      room={room}
      invite={invite}
      shut={shut}
      refusal={refusal}
      onRefused={setRefusal}
    />
  );
}
