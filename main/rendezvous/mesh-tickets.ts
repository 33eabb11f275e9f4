import { ProtocolError } from '../../protocol/errors.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';
import type { Caller } from './access.ts';
import type { ParticipantRecord } from './room-record.ts';

/** The mesh tickets of people in rooms: handed out, and taken back on a reconnect. */
export class MeshTickets {
  readonly #tokens: TokenIssuer;

  constructor(tokens: TokenIssuer) {
    this.#tokens = tokens;
  }

  /** A fresh ticket for somebody who is in the room. */
  async issue(roomId: string, participant: ParticipantRecord): Promise<string> {
    const { token, expiresAtMs } = await this.#tokens.issueMeshTicket({
      sub: participant.userId,
      jkt: participant.publicKey,
      room: roomId,
      peer: participant.peerId,
      role: participant.role,
    });
    participant.ticketExpiresAt = expiresAtMs;
    return token;
  }

  /** The place that a ticket of the caller's names; `undefined` for any that does not count. */
  async peerIdOf(caller: Caller, roomId: string, meshTicket: string): Promise<string | undefined> {
    try {
      const ticket = await this.#tokens.verifyMeshTicket(meshTicket);
      if (ticket.sub !== caller.userId || ticket.room !== roomId) return undefined;
      return ticket.peer;
    } catch (error) {
      if (error instanceof ProtocolError && error.code === 'auth-failed') return undefined;
      throw error;
    }
  }
}
