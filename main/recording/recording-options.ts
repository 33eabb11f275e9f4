import type { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import type { Visibility } from '../../protocol/rooms.ts';
import type { Clock } from '../clock.ts';
import type { ManifestSigner } from './manifest/manifest.ts';
import type { SpaceLimits } from './watch/space-watch.ts';

/** What recordings need of the rest of the studio. */
export interface RecordingServiceOptions {
  /** Holds a folder for each recording. */
  dir: string;
  db: DatabaseSync;
  clock: Clock;
  logger: Logger;
  /** `undefined` where there is none: then recordings can be watched, not made. */
  ffmpegPath: string | undefined;
  /** The host's identity: signs manifests. */
  signer: ManifestSigner;
  /** 32 bytes that wrap each recording's secret. */
  masterKey: Uint8Array;
  /** How long a recording is kept when nobody says otherwise; asked for at each end. */
  retentionDays?: () => number;
  /** Most that all recordings may take, in GB; `undefined` for no limit. */
  quotaGb?: () => number | undefined;
  /** Milliseconds by a clock that nobody sets; the process's own by default. */
  steadyClock?: Clock;
  /** How long an ffmpeg that does nothing is waited for, in ms. */
  stallMs?: number;
  /** Who alone may see what was recorded of a room, as it is now; `undefined` for no such bound. */
  insidersOf?: (roomId: string) => ReadonlySet<string> | undefined;
  /** When free space is looked at and counts as short, where not as usual. */
  space?: Partial<SpaceLimits>;
}

/** What a recording has to know of its room. */
export interface RecordedRoom {
  roomId: string;
  title: string;
  visibility: Visibility;
  hostUserId: string;
  /** Let in by name or invitation, whatever the visibility. */
  allowedUserIds: string[];
  /** Banned from the room. */
  barredUserIds?: string[];
}
