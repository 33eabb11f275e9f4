import { z } from 'zod';
import { ChatDeletion, ChatMessage, ChatMessageId } from '../protocol/chat.ts';
import { Base64Url, PublicKey, Signature } from '../protocol/encoding.ts';
import { NodeFound, NodePlace } from '../protocol/home.ts';
import { DisplayName, Handle, Profile } from '../protocol/identity.ts';
import { ModerationEvent } from '../protocol/moderation.ts';
import { Environment, Feature } from '../protocol/node.ts';
import { Fingerprint, Reach, ReachStatus } from '../protocol/reach.ts';
import {
  ExportFormat,
  LibraryEntry,
  LibraryJob,
  LibraryLimits,
  LibraryOverview,
  LibraryPage,
  LibraryQuery,
  QuotaGb,
  QuotaPreview,
  TrackPictures,
} from '../protocol/recording-library.ts';
import {
  MarkerLabel,
  RecordingId,
  RecordingStatus,
  UpdateRecordingRequest,
} from '../protocol/recordings.ts';
import { AddVolunteer, KeyGrant, Origin, PlacementOverview } from '../protocol/replicas.ts';
import { PeerId, RoomId } from '../protocol/rooms.ts';
import { EndpointKeys, ShownSummarySettings, SummarySettings } from '../protocol/summaries.ts';
import { TrackDescription, TrackId } from '../protocol/tracks.ts';

/**
 * The bridge between the window and the native side: every call, every event, one file. Main
 * validates what arrives with these schemas; both sides take their types from them. The wire
 * below (a MessagePort in Electron, a loopback WebSocket in the browser host) carries
 * `Uint8Array` as it is.
 */
function method<I extends z.ZodType, O extends z.ZodType>(input: I, output: O) {
  return { input, output };
}

export const StudioInfo = z.object({
  version: z.string(),
  host: z.enum(['electron', 'browser']),
  dataDir: z.string(),
  /** Where this studio's own rendezvous answers, e.g. `http://127.0.0.1:41234`. */
  rendezvousUrl: z.url(),
  /** The node that rooms live on, whether it answers or not. */
  place: NodePlace,
  /** Where the window may reach nodes: what the policy of a page loaded now names. */
  nodeUrls: z.array(z.url()),
  environment: Environment,
  features: z.array(Feature),
  /** Where the identity key lies: the system's key ring, or a file only this user can read. */
  secretStore: z.enum(['keychain', 'file']),
  /** Absent when recording can't work here; then `ffmpegProblem` says why and what to do. */
  ffmpegPath: z.string().optional(),
  ffmpegProblem: z.string().optional(),
  /** The profile is still the one made from the system's user name: ask the person for theirs. */
  firstStart: z.boolean(),
});
export type StudioInfo = z.infer<typeof StudioInfo>;

export const StartRecording = z.object({
  roomId: RoomId,
  /** As `MediaRecorder.mimeType` reports it, e.g. `video/webm;codecs=h264,opus`. */
  mimeType: z.string().regex(/^video\/(webm|x-matroska)/, 'must be a WebM or Matroska stream'),
});
export type StartRecording = z.infer<typeof StartRecording>;

/** Largest slice main takes: 0.5 s at 100 Mbit/s would be 6.25 MiB. */
export const MAX_SLICE_BYTES = 8 * 1024 * 1024;

export const AppendSlice = z.object({
  recordingId: RecordingId,
  /** 0, 1, 2, …: a repeated one is acknowledged and ignored, a gap is refused. */
  seq: z.int().nonnegative(),
  bytes: z.instanceof(Uint8Array).refine((b) => b.length > 0 && b.length <= MAX_SLICE_BYTES, {
    message: `must hold 1 to ${MAX_SLICE_BYTES} bytes`,
  }),
});
export type AppendSlice = z.infer<typeof AppendSlice>;

/** As somebody pasted it. */
const Address = z.string().trim().min(1).max(4096);

/** How long the disk takes more of a recording. */
export const SpaceForecast = z.object({
  freeBytes: z.int().nonnegative(),
  /** At the quality of a recording that runs, else at the usual one; in ms. */
  timeLeftMs: z.number().nonnegative(),
});
export type SpaceForecast = z.infer<typeof SpaceForecast>;

export const AddMarker = z.object({
  recordingId: RecordingId,
  /** Counts the recorder's takes that have delivered something: 0, 1, 2, … */
  take: z.int().nonnegative().max(100_000),
  /** Since that take began. */
  takeMs: z.number().nonnegative(),
});
export type AddMarker = z.infer<typeof AddMarker>;

/** The same for one separate track, whose slices count for themselves. */
export const AppendTrack = AppendSlice.extend({ trackId: TrackId });

export const methods = {
  'studio.info': method(z.void(), StudioInfo),
  'identity.profile': method(z.void(), Profile),
  'identity.update': method(z.object({ handle: Handle, displayName: DisplayName }), Profile),
  /**
   * Signs a session challenge of the node at `audience`. Refuses any text that is a signature of
   * another kind, and a nonce that was made for another node's clients.
   */
  'identity.signNonce': method(
    z.object({ nonce: z.string().regex(/^[A-Za-z0-9_-]{16,256}$/), audience: z.url() }),
    z.object({ publicKey: PublicKey, signature: Signature }),
  ),
  /** Signs `dtlsProofText` of these fields. */
  'identity.signFingerprint': method(
    z.object({
      roomId: RoomId,
      from: PeerId,
      to: PeerId,
      fingerprint: z.string().regex(/^[a-z0-9-]+ [0-9A-F:]+$/),
    }),
    z.object({ signature: Signature }),
  ),
  /** Signs `moderationText` of an act of one's own in a room. */
  'identity.signModeration': method(
    z.object({ event: ModerationEvent }),
    z.object({ signature: Signature }),
  ),
  /** Signs a message of one's own in a room's chat, or the deletion of one. */
  'identity.signChat': method(
    z.union([z.object({ message: ChatMessage }), z.object({ deletion: ChatDeletion })]),
    z.object({ signature: Signature }),
  ),
  /** Opens a recording's segment key (16 bytes) that its host sealed for this member. */
  'identity.openSegmentKey': method(
    z.object({ recordingId: RecordingId, box: KeyGrant.shape.box }),
    z.object({ key: Base64Url.length(22) }),
  ),
  'recording.start': method(StartRecording, z.object({ recordingId: RecordingId })),
  /** Resolves once the slice is on disk, encrypted, hashed and synced. */
  'recording.append': method(AppendSlice, z.object({ seq: z.int() })),
  /** A participant's separate track begins; the same one again is acknowledged. */
  'recording.beginTrack': method(
    z.object({ recordingId: RecordingId, track: TrackDescription }),
    z.void(),
  ),
  /** The next frames of a track (`protocol/track-slice.ts`); resolves once they are on disk. */
  'recording.appendTrack': method(AppendTrack, z.object({ seq: z.int() })),
  /** No more frames will come of a track. */
  'recording.endTrack': method(z.object({ recordingId: RecordingId, trackId: TrackId }), z.void()),
  /** Resolves once the replay is `ready` (or `failed`). */
  'recording.stop': method(z.object({ recordingId: RecordingId }), RecordingStatus),
  /** The recorder gave up: what was written is finished, and the sentence is kept. */
  'recording.fail': method(
    z.object({ recordingId: RecordingId, reason: z.string().max(500) }),
    RecordingStatus,
  ),
  /** Slices end or come again, on the host's word; everybody in the room is told. */
  'recording.pause': method(z.object({ recordingId: RecordingId, paused: z.boolean() }), z.void()),
  /** The window's recorder broke and begins anew, or works again; everybody is told. */
  'recording.restarting': method(
    z.object({ recordingId: RecordingId, restarting: z.boolean() }),
    z.void(),
  ),
  /** Marks a moment; `number` counts the recording's markers from 1. */
  'recording.mark': method(
    AddMarker,
    z.object({ markerId: z.int().positive(), number: z.int().positive() }),
  ),
  'recording.labelMarker': method(
    z.object({ recordingId: RecordingId, markerId: z.int().positive(), label: MarkerLabel }),
    z.void(),
  ),
  /** Keeps a message of the chat at this moment; the same one again is acknowledged. */
  'recording.keepChat': method(AddMarker.extend({ message: ChatMessage }), z.void()),
  /** A message was taken away: it is not kept any more either. */
  'recording.forgetChat': method(
    z.object({ recordingId: RecordingId, messageId: ChatMessageId }),
    z.void(),
  ),
  'recording.forecast': method(z.void(), SpaceForecast),
  /** A page of the owner's recordings, as they are found and sorted. */
  'library.list': method(LibraryQuery, LibraryPage),
  'library.overview': method(z.void(), LibraryOverview),
  /** What would be deleted at once if this were the quota. */
  'library.preview': method(z.object({ quotaGb: QuotaGb }), QuotaPreview),
  /** How much and how long is kept from now on; what is too much is deleted within a minute. */
  'library.limit': method(LibraryLimits, LibraryOverview),
  /** Long work that waits or runs, and the latest that is over. */
  'library.jobs': method(z.void(), z.array(LibraryJob)),
  /** Checks every byte; `library.job` tells how far it is. */
  'library.verify': method(z.object({ recordingId: RecordingId }), LibraryJob),
  /** Makes a plain MP4 in a folder (absolute), never over a file that is there. */
  'library.export': method(
    z.object({
      recordingId: RecordingId,
      format: ExportFormat,
      folder: z.string().min(1).max(4096),
    }),
    LibraryJob,
  ),
  /**
   * Makes a folder of its own in a folder (absolute) with a file for each separate track, for
   * editing. Refused with `recording-not-found` where nothing was kept apart.
   */
  'library.exportTracks': method(
    z.object({
      recordingId: RecordingId,
      pictures: TrackPictures,
      folder: z.string().min(1).max(4096),
    }),
    LibraryJob,
  ),
  /** What makes transcripts and summaries here. */
  'summaries.settings': method(z.void(), ShownSummarySettings),
  'summaries.configure': method(
    SummarySettings.extend({ keys: EndpointKeys }),
    ShownSummarySettings,
  ),
  /** Tries both on a second of silence; rejects with what is wrong. */
  'summaries.try': method(z.void(), z.void()),
  /** Makes a transcript and a summary, anew where there is one; `library.job` tells how far it is. */
  'summaries.make': method(z.object({ recordingId: RecordingId }), LibraryJob),
  'library.cancel': method(z.object({ jobId: z.string().max(64) }), z.void()),
  'library.update': method(
    UpdateRecordingRequest.extend({ recordingId: RecordingId }),
    LibraryEntry,
  ),
  /** Deletes it from the disk now; its post stays and says so. */
  'library.delete': method(z.object({ recordingId: RecordingId }), z.void()),
  /** Shows plain files of it; resolves once they are shown, or could not be made (`library.job`). */
  'library.showFolder': method(z.object({ recordingId: RecordingId }), z.void()),
  'library.showExport': method(z.object({ jobId: z.string().max(64) }), z.void()),
  /** How people on other devices reach this studio, as it was last seen. */
  'reach.status': method(z.void(), ReachStatus),
  /** Lets them, or no longer; remembered. Where it can't be done the status says why. */
  'reach.set': method(z.object({ reach: Reach }), ReachStatus),
  /** Tries every address now. */
  'reach.check': method(z.void(), ReachStatus),
  /** What is at a node's address or behind an invitation to enrol; changes nothing. */
  'home.look': method(z.object({ address: Address }), NodeFound),
  /** Enrols there and has rooms there from the window's next load on; remembered. */
  'home.use': method(
    z.object({ address: Address, fingerprint: Fingerprint.optional() }),
    NodePlace,
  ),
  /** Has rooms on this computer again, from the window's next load on. */
  'home.leave': method(z.void(), NodePlace),
  /** The way to any node, for a room there; the window has to load anew where it is a new one. */
  'home.visit': method(
    z.object({ address: Address, fingerprint: Fingerprint.optional() }),
    NodePlace,
  ),
  /** Copies of this studio's recordings on other nodes; `copies.changed` says when to ask again. */
  'copies.overview': method(z.void(), PlacementOverview),
  /** A node that is to keep copies; `home.look` says what is at an address before. */
  'copies.addNode': method(AddVolunteer, PlacementOverview),
  /** It is to delete what it has, and gets nothing more. */
  'copies.removeNode': method(z.object({ origin: Origin }), PlacementOverview),
  'copies.setWanted': method(
    z.object({ wanted: PlacementOverview.shape.wanted }),
    PlacementOverview,
  ),
  /** Tells main whether leaving now would cut something off, so that quitting asks first. */
  'studio.setActivity': method(z.object({ inRoom: z.boolean(), recording: z.boolean() }), z.void()),
  'studio.showDataFolder': method(z.void(), z.void()),
  'studio.notify': method(
    z.object({ title: z.string().max(120), body: z.string().max(500) }),
    z.void(),
  ),
} as const;

export type MethodName = keyof typeof methods;
export type MethodInput<M extends MethodName> = z.infer<(typeof methods)[M]['input']>;
export type MethodOutput<M extends MethodName> = z.infer<(typeof methods)[M]['output']>;

/** What main implements and the window calls. */
export type StudioApi = {
  [M in MethodName]: (input: MethodInput<M>) => Promise<MethodOutput<M>>;
};

export const events = {
  /** Bytes that lie safely on disk, about twice a second while recording. */
  'recording.progress': z.object({
    recordingId: RecordingId,
    writtenBytes: z.int().nonnegative(),
    durationMs: z.number().nonnegative(),
  }),
  'recording.changed': z.object({ roomId: RoomId, status: RecordingStatus }),
  /** A verification or export moved on. */
  'library.job': LibraryJob,
  /** Something about copies on other nodes is different now. */
  'copies.changed': z.void(),
  'reach.changed': ReachStatus,
  /** The app was opened by a link; `path` is a route of the window, e.g. `/join/room_…#invite=…`. */
  'studio.openPath': z.object({ path: z.string() }),
} as const;

export type EventName = keyof typeof events;
export type EventPayload<E extends EventName> = z.infer<(typeof events)[E]>;

/** What the window listens to and main calls. */
export type StudioEvents = { [E in EventName]: (payload: EventPayload<E>) => void };

/** A refusal as it crosses the bridge. */
export const BridgeError = z.object({
  code: z.string(),
  message: z.string(),
  /** Which fields of the input were refused, with `validation-failed`. */
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type BridgeError = z.infer<typeof BridgeError>;
