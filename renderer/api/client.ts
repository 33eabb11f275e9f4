import { z } from 'zod';
import { AssetResponse, assetPath, type PictureWidth } from '../../protocol/assets.ts';
import { type ChatAct, KeptChat } from '../../protocol/chat.ts';
import { Problem, ProtocolError } from '../../protocol/errors.ts';
import { Challenge, Jwks, Session, type SessionRequest } from '../../protocol/identity.ts';
import {
  type ModerationEvent,
  ModerationLog,
  type ModerationRequest,
  ModerationResponse,
} from '../../protocol/moderation.ts';
import { NodeInfo } from '../../protocol/node.ts';
import type { UpdateParticipantRequest } from '../../protocol/participant-update.ts';
import {
  type CreatePostRequest,
  FeedPage,
  PostResponse,
  type UpdatePostRequest,
} from '../../protocol/posts.ts';
import {
  type CreateProjectRequest,
  ProjectInvitationList,
  type ProjectInvitationsRequest,
  ProjectList,
  ProjectMemberList,
  ProjectResponse,
  type ProjectRole,
  type UpdateProjectRequest,
} from '../../protocol/projects.ts';
import {
  DownloadResponse,
  RecordingStatus,
  type UpdateRecordingRequest,
} from '../../protocol/recordings.ts';
import {
  type ConnectTransportRequest,
  type ConsumeRequest,
  ConsumeResponse,
  type ProduceRequest,
  ProduceResponse,
  RelaySession,
  RestartIceResponse,
  type UpdateConsumersRequest,
} from '../../protocol/relay.ts';
import {
  type CreateRoomRequest,
  CreateRoomResponse,
  INVITATION_HEADER,
  type InvitationsRequest,
  InvitationsResponse,
  type JoinRoomRequest,
  JoinRoomResponse,
  Participant,
  ParticipantList,
  type PromoteRequest,
  PromoteResponse,
  RoomList,
  RoomResponse,
} from '../../protocol/rooms.ts';
import { StreamSummary, type SummaryBullet, Transcript } from '../../protocol/summaries.ts';
import { SwarmTicket } from '../../protocol/swarm.ts';

/** As they are now; absent of somebody who is not in the room. */
const UpdatedParticipant = z.object({ participant: Participant.optional() }).optional();

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/**
 * A node's REST interface, typed. Every answer is parsed; a refusal becomes a `ProtocolError`
 * with the node's code, and a node that can't be reached one with `internal`.
 *
 * @param baseUrl e.g. `http://127.0.0.1:41234`; empty for the page's own origin.
 * @param token the current session's JWT, asked for at each call; `undefined` when signed out.
 */
export function createApi(baseUrl: string, token: () => Promise<string | undefined>) {
  async function send(
    method: Method,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const bearer = await token();
    const isFile = body instanceof Blob;
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        ...headers,
        ...(body !== undefined && { 'content-type': isFile ? body.type : 'application/json' }),
        ...(bearer && { authorization: `Bearer ${bearer}` }),
      },
      ...(body !== undefined && { body: isFile ? body : JSON.stringify(body) }),
    }).catch(() => {
      throw new NodeUnreachable();
    });
    if (!response.ok) throw await refusal(response);
    return response;
  }

  async function call<T extends z.ZodType>(
    method: Method,
    path: string,
    answer: T,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<z.infer<T>> {
    const response = await send(method, path, body, headers);
    return answer.parse(response.status === 204 ? undefined : await response.json());
  }

  const nothing = z.undefined();
  return {
    baseUrl,
    node: () => call('GET', '/api/node', NodeInfo),
    /** The keys the node signs sessions and mesh tickets with. */
    keys: () => call('GET', '/.well-known/jwks.json', Jwks),
    /** @param audience the node's origin, for a nonce that names it. */
    challenge: (publicKey: string, audience?: string) =>
      call('POST', '/api/session/challenge', Challenge, { publicKey, audience }),
    session: (request: SessionRequest) => call('POST', '/api/session', Session, request),
    createRoom: (request: CreateRoomRequest) =>
      call('POST', '/api/signaling/rooms', CreateRoomResponse, request),
    rooms: () => call('GET', '/api/signaling/rooms', RoomList),
    /** @param invitationToken shows a room that only the invited may see. */
    room: (roomId: string, invitationToken?: string) =>
      call(
        'GET',
        `/api/signaling/rooms/${roomId}`,
        RoomResponse,
        undefined,
        invitationToken === undefined ? {} : { [INVITATION_HEADER]: invitationToken },
      ),
    joinRoom: (roomId: string, request: JoinRoomRequest) =>
      call('POST', `/api/signaling/rooms/${roomId}/join`, JoinRoomResponse, request),
    leaveRoom: (roomId: string) =>
      call('POST', `/api/signaling/rooms/${roomId}/leave`, nothing, {}),
    /** For the moment a page closes: sent even so, and nobody is there for the answer. */
    leaveRoomOnExit: (roomId: string, token: string) => {
      fetch(`${baseUrl}/api/signaling/rooms/${roomId}/leave`, {
        method: 'POST',
        keepalive: true,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: '{}',
      }).catch((error) => console.info('The room will notice the absence by itself.', error));
    },
    endRoom: (roomId: string) => call('DELETE', `/api/signaling/rooms/${roomId}`, nothing),
    participants: (roomId: string) =>
      call('GET', `/api/signaling/rooms/${roomId}/participants`, ParticipantList),
    updateParticipant: (roomId: string, peerId: string, request: UpdateParticipantRequest) =>
      call(
        'PATCH',
        `/api/signaling/rooms/${roomId}/participants/${peerId}`,
        UpdatedParticipant,
        request,
      ),
    /** Mints, revokes, or with an empty request only reads. For moderators. */
    invitations: (roomId: string, request: InvitationsRequest) =>
      call('POST', `/api/signaling/rooms/${roomId}/invitations`, InvitationsResponse, request),
    /** Bans, or lifts a ban. For moderators. */
    moderate: (roomId: string, request: ModerationRequest) =>
      call('POST', `/api/signaling/rooms/${roomId}/moderation`, ModerationResponse, request),
    moderationLog: (roomId: string) =>
      call('GET', `/api/signaling/rooms/${roomId}/moderation/log`, ModerationLog),
    setRelay: (roomId: string, enabled: boolean) =>
      call('POST', `/api/signaling/rooms/${roomId}/relay`, RoomResponse, { enabled }),
    openRelay: (roomId: string) =>
      call('POST', `/api/signaling/rooms/${roomId}/relay/session`, RelaySession, {}),
    relayConnect: (roomId: string, request: z.input<typeof ConnectTransportRequest>) =>
      call('POST', `/api/signaling/rooms/${roomId}/relay/connect`, nothing, request),
    relayRestartIce: (roomId: string, transportId: string) =>
      call('POST', `/api/signaling/rooms/${roomId}/relay/restart-ice`, RestartIceResponse, {
        transportId,
      }),
    relayProduce: (roomId: string, request: ProduceRequest) =>
      call('POST', `/api/signaling/rooms/${roomId}/relay/producers`, ProduceResponse, request),
    relayConsume: (roomId: string, request: ConsumeRequest) =>
      call('POST', `/api/signaling/rooms/${roomId}/relay/consumers`, ConsumeResponse, request),
    relayUpdateConsumers: (roomId: string, request: UpdateConsumersRequest) =>
      call('PATCH', `/api/signaling/rooms/${roomId}/relay/consumers`, nothing, request),
    promote: (roomId: string, request: PromoteRequest) =>
      call('POST', `/api/signaling/rooms/${roomId}/promote`, PromoteResponse, request),
    /** @param keepsChat left as it is without */
    setRecording: (roomId: string, enabled: boolean, keepsChat?: boolean) =>
      call('POST', `/api/signaling/rooms/${roomId}/recording`, RoomResponse, {
        enabled,
        keepsChat,
      }),
    /** The room's latest recording, or the one of it that is named. */
    recording: (roomId: string, recordingId?: string) =>
      call('GET', recordingPath(roomId, recordingId), RecordingStatus),
    updateRecording: (roomId: string, recordingId: string, request: UpdateRecordingRequest) =>
      call('PATCH', recordingPath(roomId, recordingId), RecordingStatus, request),
    deleteRecording: (roomId: string, recordingId: string) =>
      call('DELETE', recordingPath(roomId, recordingId), nothing),
    summary: (roomId: string, recordingId: string) =>
      call('GET', summaryPath(roomId, recordingId), StreamSummary),
    updateSummary: (roomId: string, recordingId: string, bullets: SummaryBullet[]) =>
      call('PATCH', summaryPath(roomId, recordingId), StreamSummary, { bullets }),
    deleteSummary: (roomId: string, recordingId: string) =>
      call('DELETE', summaryPath(roomId, recordingId), nothing),
    /** What was said in the room's chat, where it was kept. */
    keptChat: (recordingId: string) => call('GET', `/replays/${recordingId}/chat.json`, KeptChat),
    forgetChat: (recordingId: string, messageId: string) =>
      call('DELETE', `/replays/${recordingId}/chat/${messageId}`, nothing),
    transcript: (recordingId: string) =>
      call('GET', `/replays/${recordingId}/transcript.json`, Transcript),
    /** Has the node make a plain MP4; resolves when it can be fetched. */
    prepareDownload: (recordingId: string) =>
      call('POST', `/replays/${recordingId}/download`, DownloadResponse),
    /** @param last the window's last ticket, whose place it keeps */
    swarmTicket: (recordingId: string, last: string | undefined) =>
      call('POST', `/replays/${recordingId}/swarm`, SwarmTicket, { token: last }),
    /** A picture of a post's, for whoever may see the post. */
    picture: async (assetId: string, width: PictureWidth): Promise<Blob> =>
      (await send('GET', assetPath(assetId, width))).blob(),
    /** Keeps a PNG, JPEG or WebP for a post of one's own. */
    uploadPicture: (file: Blob) => call('POST', '/api/assets', AssetResponse, file),
    createPost: (request: CreatePostRequest) => call('POST', '/api/posts', PostResponse, request),
    updatePost: (postId: string, request: UpdatePostRequest) =>
      call('PATCH', `/api/posts/${postId}`, PostResponse, request),
    post: (postId: string) => call('GET', `/api/posts/${postId}`, PostResponse),
    deletePost: (postId: string) => call('DELETE', `/api/posts/${postId}`, nothing),
    profileFeed: (handle: string, cursor?: string) =>
      call('GET', `/api/feeds/profile/${handle}${cursorQuery(cursor)}`, FeedPage),
    projectFeed: (projectId: string, cursor?: string) =>
      call('GET', `/api/feeds/project/${projectId}${cursorQuery(cursor)}`, FeedPage),
    search: (q: string, only?: 'replays', cursor?: string) => {
      const query = new URLSearchParams({ q, ...(only && { only }), ...(cursor && { cursor }) });
      return call('GET', `/api/search?${query}`, FeedPage);
    },
    projects: (cursor?: string) => call('GET', `/api/projects${cursorQuery(cursor)}`, ProjectList),
    project: (projectId: string) => call('GET', projectPath(projectId), ProjectResponse),
    createProject: (request: CreateProjectRequest) =>
      call('POST', '/api/projects', ProjectResponse, request),
    updateProject: (projectId: string, request: UpdateProjectRequest) =>
      call('PATCH', projectPath(projectId), ProjectResponse, request),
    deleteProject: (projectId: string) => call('DELETE', projectPath(projectId), nothing),
    projectMembers: (projectId: string) =>
      call('GET', projectPath(projectId, '/members'), ProjectMemberList),
    /** As `owner` it hands the project over. */
    setProjectRole: (projectId: string, userId: string, role: ProjectRole) =>
      call('PATCH', projectPath(projectId, `/members/${userId}`), ProjectMemberList, { role }),
    /** Oneself, or somebody else. */
    removeProjectMember: (projectId: string, userId: string) =>
      call('DELETE', projectPath(projectId, `/members/${userId}`), nothing),
    /** Invites, takes back, or with an empty request only reads. */
    projectInvitations: (projectId: string, request: ProjectInvitationsRequest) =>
      call('POST', projectPath(projectId, '/invitations'), ProjectInvitationList, request),
    /** What an invitation leads to. @param token from a link; without it one's own */
    invitedProject: (projectId: string, token: string | undefined) =>
      call('POST', projectPath(projectId, '/invitation'), ProjectResponse, { token }),
    joinProject: (projectId: string, token: string | undefined) =>
      call('POST', projectPath(projectId, '/join'), ProjectResponse, { token }),
    declineProject: (projectId: string) =>
      call('DELETE', projectPath(projectId, '/invitation'), nothing),
  };
}

/** Nobody heard the request, or whoever stands before the node says that it is not there. */
export class NodeUnreachable extends ProtocolError {
  constructor() {
    super(
      'internal',
      'The node does not answer. Check that the studio is running, then try again.',
    );
    this.name = 'NodeUnreachable';
  }
}

/** Answers of a proxy without a node behind it (RFC 9110, section 15.6). */
const GATEWAY_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

export type Api = ReturnType<typeof createApi>;

/** A member's key, wherever it is kept. Signatures and keys are base64url. */
export interface Signer {
  publicKey: string;
  /**
   * Signs a session challenge of the node at `audience`; a key that is known to more than one node
   * rejects a nonce that does not name it. A browser keeps a key for each node, and asks for none.
   */
  signNonce(nonce: string, audience?: string): Promise<string>;
  /** Signs `dtlsProofText` of these fields: "this DTLS fingerprint is mine, in this room". */
  signFingerprint(proof: DtlsProof): Promise<string>;
  /** Signs `moderationText` of an act of one's own. */
  signModeration(event: ModerationEvent): Promise<string>;
  /** Signs `chatText` of a message or a deletion of one's own. */
  signChat(act: ChatAct): Promise<string>;
}

/** What binds a DTLS fingerprint to a peer of a room, see `dtlsProofText`. */
export interface DtlsProof {
  roomId: string;
  from: string;
  to: string;
  fingerprint: string;
}

/**
 * Proves the key to the node and answers a session (protocol, "Sessions").
 *
 * @param audience the node's origin, for a key that is known to more than one node.
 */
export async function openSession(
  baseUrl: string,
  signer: Pick<Signer, 'publicKey' | 'signNonce'>,
  profile: { handle: string; displayName: string; guest: boolean },
  audience?: string,
): Promise<Session> {
  const api = createApi(baseUrl, async () => undefined);
  const challenge = await api.challenge(signer.publicKey, audience);
  return api.session({
    challengeId: challenge.challengeId,
    publicKey: signer.publicKey,
    signature: await signer.signNonce(challenge.nonce, audience),
    ...profile,
  });
}

function projectPath(projectId: string, rest = ''): string {
  return `/api/projects/${projectId}${rest}`;
}

function recordingPath(roomId: string, recordingId: string | undefined): string {
  const which = recordingId === undefined ? '' : `?recordingId=${recordingId}`;
  return `/api/streams/${roomId}/recording${which}`;
}

function summaryPath(roomId: string, recordingId: string): string {
  return `/api/streams/${roomId}/summary?recordingId=${recordingId}`;
}

function cursorQuery(cursor: string | undefined): string {
  return cursor ? `?cursor=${encodeURIComponent(cursor)}` : '';
}

async function refusal(response: Response): Promise<ProtocolError> {
  const parsed = Problem.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) {
    return new ProtocolError(parsed.data.code, parsed.data.detail, parsed.data.errors);
  }
  if (GATEWAY_STATUSES.has(response.status)) return new NodeUnreachable();
  return new ProtocolError('internal', `The node answered ${response.status} without a reason.`);
}
