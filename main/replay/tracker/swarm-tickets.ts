import { createHash, randomBytes } from 'node:crypto';
import type { IceServer } from '../../../protocol/rooms.ts';
import { memberOf, type SwarmTicket } from '../../../protocol/swarm.ts';
import { isoTime } from '../../clock.ts';
import type { ViewerClaims } from '../../identity/token-claims.ts';
import type { TokenIssuer } from '../../identity/token-issuer.ts';
import type { ReplayCaller } from '../replay-access.ts';

/** 15 bytes as base64url are the 20 characters of an info hash or a peer id. */
const ID_BYTES = 15;
/** Half of a peer id. */
const MEMBER_CHARACTERS = 10;

/**
 * Lets viewers into swarms. Info hashes and peer ids are the node's to give: nobody can guess the
 * swarm of a recording they may not see, nor speak for another peer.
 */
export class SwarmTickets {
  readonly #tokens: TokenIssuer;
  readonly #stunServers: () => readonly IceServer[];

  /** @param options.stunServers how viewers find their addresses; no relay among them. */
  constructor(options: { tokens: TokenIssuer; stunServers: () => readonly IceServer[] }) {
    this.#tokens = options.tokens;
    this.#stunServers = options.stunServers;
  }

  /**
   * A ticket for somebody who may see the recording; the caller has made sure of that.
   * @param last the window's last ticket, whose peer id it keeps where it is still valid
   */
  async issue(
    recordingId: string,
    viewer: ReplayCaller,
    last: string | undefined,
  ): Promise<SwarmTicket> {
    const infoHash = this.infoHashOf(recordingId);
    const peerId =
      (await this.#keptPeerId(last, recordingId, viewer)) ?? this.#newPeerId(infoHash, viewer);
    const { token, expiresAtMs } = await this.#tokens.issueViewer({
      ...{ rec: recordingId, ih: infoHash, peer: peerId },
      ...(viewer && { sub: viewer.userId }),
      guest: viewer?.guest ?? false,
    });
    const iceServers = [...this.#stunServers()];
    return { infoHash, peerId, token, expiresAt: isoTime(expiresAtMs), iceServers };
  }

  /** Throws `auth-failed` for what is not a ticket of this node's, or has run out. */
  verify(token: string): Promise<ViewerClaims> {
    return this.#tokens.verifyViewer(token);
  }

  /** The same after a restart, and unknown to whoever was not told. */
  infoHashOf(recordingId: string): string {
    return this.#secretId(`swarm-info-hash:v1\n${recordingId}`);
  }

  #newPeerId(infoHash: string, viewer: ReplayCaller): string {
    const random = randomBytes(ID_BYTES).toString('base64url');
    if (!viewer) return random;
    const account = this.#secretId(`swarm-member:v1\n${infoHash}\n${viewer.userId}`);
    return memberOf(account) + random.slice(MEMBER_CHARACTERS);
  }

  async #keptPeerId(
    token: string | undefined,
    recordingId: string,
    viewer: ReplayCaller,
  ): Promise<string | undefined> {
    if (token === undefined) return undefined;
    // One that has run out is no offence: the window slept.
    const claims = await this.verify(token).catch(() => undefined);
    const same = claims?.rec === recordingId && claims.sub === viewer?.userId;
    return same ? claims.peer : undefined;
  }

  /** Ed25519 signatures are deterministic (RFC 8032), and only the node can make this one. */
  #secretId(text: string): string {
    const { signature } = this.#tokens.signText(text);
    return createHash('sha256')
      .update(signature)
      .digest()
      .subarray(0, ID_BYTES)
      .toString('base64url');
  }
}
