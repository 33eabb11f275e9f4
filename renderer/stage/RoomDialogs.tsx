import { useEffect } from 'react';
import { useStreamingActions } from '../rooms/streaming-context.tsx';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { DevicesDialog } from './devices/DevicesDialog.tsx';
import { inviteName } from './invitations/invite-words.ts';
import { NewInviteDialog } from './invitations/NewInviteDialog.tsx';
import { MuteDialog } from './moderation/MuteDialog.tsx';
import { SendOutDialog } from './moderation/SendOutDialog.tsx';
import { namesInWords } from './names-in-words.ts';
import { NameMarkerDialog } from './recording/NameMarkerDialog.tsx';
import { closeRoomDialog, useRoomDialog } from './room-dialog.ts';

/** What is asked about the room, wherever in the window the person is. */
export function RoomDialogs() {
  const { revokeInvite } = useStreamingActions();
  const dialog = useRoomDialog();
  // A question about a room does not outlive it.
  useEffect(() => closeRoomDialog, []);
  switch (dialog?.kind) {
    case 'mute':
      return <MuteDialog person={dialog.person} onClose={closeRoomDialog} />;
    case 'remove':
    case 'ban':
      return <SendOutDialog act={dialog.kind} person={dialog.person} onClose={closeRoomDialog} />;
    case 'new-invite':
      return <NewInviteDialog onClose={closeRoomDialog} />;
    case 'name-marker':
      return <NameMarkerDialog marker={dialog.marker} onClose={closeRoomDialog} />;
    case 'devices':
      return <DevicesDialog onClose={closeRoomDialog} />;
    case 'revoke-invite': {
      const guests = dialog.invite.usedBy.map(({ displayName }) => displayName);
      return (
        <ConfirmDialog
          open
          onOpenChange={closeRoomDialog}
          title={`Take back “${inviteName(dialog.invite)}”?`}
          description={
            guests.length === 0
              ? 'The link stops working. Nobody came in by it.'
              : `The link stops working, and whoever came in by it is asked out: ${namesInWords(guests)}.`
          }
          confirm="Take invitation back"
          onConfirm={() => revokeInvite(dialog.invite.inviteId)}
        />
      );
    }
    default:
      return null;
  }
}
