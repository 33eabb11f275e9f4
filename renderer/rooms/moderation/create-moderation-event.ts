import { nanoid } from 'nanoid';
import { ProtocolError } from '../../../protocol/errors.ts';
import { ModerationEvent, type SignedModerationEvent } from '../../../protocol/moderation.ts';
import type { Participant } from '../../../protocol/rooms.ts';
import type { Signer } from '../../api/client.ts';
import type { ModerationLog } from './moderation-log.ts';

/** What a moderator decides. */
export type UnsignedAct = Pick<
  ModerationEvent,
  'roomId' | 'action' | 'targetPeerId' | 'targetUserId' | 'scope' | 'role' | 'reason' | 'expiresAt'
>;

export interface ActAuthor {
  signer: Pick<Signer, 'signModeration'>;
  actor: ModerationEvent['actor'];
  /** The author's current mesh ticket, as late as possible: it has to be valid when they act. */
  ticket: () => string;
  log: Pick<ModerationLog, 'next'>;
  /** Resolves once what has arrived is merged, see `ModerationGossip.settled`. */
  settled: () => Promise<void>;
  /** The node's time, milliseconds since the epoch. */
  now: () => number;
  /** The target as the roster has it; a removal is dated no earlier than they came. */
  target?: Pick<Participant, 'joinedAt'> | undefined;
}

/**
 * An act of one's own, ordered after all that was seen before it, dated and signed. Throws
 * `validation-failed` for one that nobody would believe (e.g. a reason that is too long).
 */
export async function createModerationEvent(
  act: UnsignedAct,
  author: ActAuthor,
): Promise<SignedModerationEvent> {
  await author.settled();
  const lamport = author.log.next();
  // Clocks: neither a target who came "later" nor a lamport time ahead of ours may void the act.
  const joinedMs =
    act.action === 'remove' && author.target ? Date.parse(author.target.joinedAt) : 0;
  const event = ModerationEvent.safeParse({
    ...act,
    eventId: `mod_${nanoid(16)}`,
    lamport,
    at: new Date(Math.max(author.now(), joinedMs, lamport)).toISOString(),
    actor: author.actor,
  });
  if (!event.success) {
    const fields = event.error.issues.map(({ path, message }) => ({
      path: path.join('.'),
      message,
    }));
    const [first] = fields;
    throw new ProtocolError(
      'validation-failed',
      `This can’t be done as it was asked for: ${first?.path} ${first?.message}.`,
      fields,
    );
  }
  const ticket = author.ticket();
  const signature = await author.signer.signModeration(event.data);
  return { ...event.data, ticket, signature };
}
