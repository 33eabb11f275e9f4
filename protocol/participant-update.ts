import { z } from 'zod';
import { Timestamp } from './encoding.ts';
import { MuteScope, Reason, SignedModerationEvent } from './moderation.ts';
import { Role } from './rooms.ts';

const Signed = { reason: Reason.optional(), event: SignedModerationEvent.optional() };

/** `PATCH …/participants/{peerId}`: what is to become of a participant, or of somebody who knocks. */
export const UpdateParticipantRequest = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('mute'),
    scope: MuteScope,
    /** By a moderator alone: when it ends by itself. */
    expiresAt: Timestamp.optional(),
    /** Of oneself alone: not by choice, the device is gone. Until it is unmuted. */
    deviceLost: z.boolean().optional(),
    ...Signed,
  }),
  z.object({ action: z.literal('unmute'), scope: MuteScope, ...Signed }),
  z.object({ action: z.literal('remove'), ...Signed }),
  z.object({ action: z.literal('promote'), role: Role.exclude(['host']), ...Signed }),
  z.object({ action: z.literal('demote'), role: Role.exclude(['host']), ...Signed }),
  /** Lets somebody in who knocked; as `speaker` unless told otherwise. */
  z.object({ action: z.literal('approve'), role: Role.exclude(['host']).optional() }),
  z.object({ action: z.literal('deny'), reason: Reason.optional() }),
]);
export type UpdateParticipantRequest = z.infer<typeof UpdateParticipantRequest>;
