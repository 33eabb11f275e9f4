import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type ExportFormat,
  LibrarySort,
  TrackPictures,
} from '../../../protocol/recording-library.ts';
import { RecordingId } from '../../../protocol/recordings.ts';
import { badArguments } from '../launch-problem.ts';

interface Common {
  /** Absolute; `undefined` for the usual place. */
  dataDir: string | undefined;
  json: boolean;
}

export type RecordingsCommand = Common &
  (
    | { command: 'list'; search: string; sort: LibrarySort; withExpired: boolean }
    /** No ids: all of them. */
    | { command: 'verify'; recordingIds: string[] }
    | { command: 'recover' }
    /** `folder` is absolute; `undefined` for the studio's own. */
    | {
        command: 'export';
        recordingIds: string[];
        folder: string | undefined;
        format: ExportFormat;
        /** The separate tracks instead, with pictures like this. */
        tracks: TrackPictures | undefined;
      }
    | { command: 'prune'; dryRun: boolean }
    | { command: 'help' }
  );

export const RECORDINGS_USAGE = `Swarm Studio: recordings without a window

Usage: npm run recordings -- list [--search WORDS] [--sort FIELD] [--deleted]
       npm run recordings -- verify [ID …]
       npm run recordings -- export ID … [--to DIR] [--as-recorded | --tracks PICTURES]
       npm run recordings -- recover
       npm run recordings -- prune [--dry-run]

  list         what there is, the newest first
  verify       read every byte and name what is not as it was recorded; all recordings without ID
  export       make plain MP4 files, or folders for editing, beside what is there already
  recover      finish what a crash left unfinished
  prune        delete what is past its date, then what the quota wants gone

  --data DIR   the studio's data folder
  --json       print one line of JSON
  --search WORDS
               titles that hold these words
  --sort FIELD startedAt (the default), title, durationMs, sizeBytes or retainUntil
  --deleted    list deleted ones too
  --to DIR     where exports go (default: where the studio puts them)
  --as-recorded
               copy picture and sound as they are; else sound becomes AAC, and anything but H.264
               becomes H.264, so that every player and editor takes the file
  --tracks PICTURES
               a folder with a file for each separate track, for editing: pictures as H.264 that
               every editor takes (editor), or as they were received (received)
  --dry-run    say what would go, and delete nothing
  --help       print this

list, verify and export work beside a running studio; recover and prune need it stopped.
Exit codes: 0 done; 1 something was damaged or went wrong; 2 a wrong command line.
`;

/** Reads the command line. Throws `bad-arguments`. */
export function parseRecordingsCommand(args: string[]): RecordingsCommand {
  const { values, positionals } = parsed(args);
  const common: Common = {
    dataDir: values.data === undefined ? undefined : resolve(values.data),
    json: values.json === true,
  };
  if (values.help) return { ...common, command: 'help' };
  const [command = '', ...rest] = positionals;
  switch (command) {
    case 'list':
      requireNone(command, rest);
      return {
        ...{ ...common, command },
        search: values.search ?? '',
        sort: sortOf(values.sort),
        withExpired: values.deleted === true,
      };
    case 'verify':
      return { ...common, command, recordingIds: idsOf(rest) };
    case 'export':
      if (rest.length === 0)
        throw badArguments('Say which recordings to export; "list" shows their ids.');
      return {
        ...{ ...common, command, recordingIds: idsOf(rest) },
        folder: values.to === undefined ? undefined : resolve(values.to),
        format: values['as-recorded'] ? 'as-recorded' : 'compatible',
        tracks: tracksOf(values.tracks, values['as-recorded']),
      };
    case 'recover':
      requireNone(command, rest);
      return { ...common, command };
    case 'prune':
      requireNone(command, rest);
      return { ...common, command, dryRun: values['dry-run'] === true };
    default:
      throw badArguments(
        command === ''
          ? 'Say what to do: list, verify, export, recover or prune.'
          : `"${command}" is not a command; they are list, verify, export, recover and prune.`,
      );
  }
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        json: { type: 'boolean' },
        search: { type: 'string' },
        sort: { type: 'string' },
        deleted: { type: 'boolean' },
        to: { type: 'string' },
        'as-recorded': { type: 'boolean' },
        tracks: { type: 'string' },
        'dry-run': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw badArguments(`${error.message}.`);
  }
}

function idsOf(texts: string[]): string[] {
  const odd = texts.find((text) => !RecordingId.safeParse(text).success);
  if (odd === undefined) return texts;
  throw badArguments(`"${odd}" is not the id of a recording; "list" shows them (rec_…).`);
}

function sortOf(text = 'startedAt'): LibrarySort {
  const sort = LibrarySort.safeParse(text);
  if (sort.success) return sort.data;
  throw badArguments(`--sort must be one of ${LibrarySort.options.join(', ')}, not "${text}".`);
}

function tracksOf(text: string | undefined, asRecorded = false): TrackPictures | undefined {
  if (text === undefined) return undefined;
  if (asRecorded) throw badArguments('--as-recorded is not for --tracks; --tracks received is.');
  const pictures = TrackPictures.safeParse(text);
  if (pictures.success) return pictures.data;
  throw badArguments(`--tracks must be one of ${TrackPictures.options.join(', ')}, not "${text}".`);
}

function requireNone(command: string, rest: string[]): void {
  if (rest.length > 0) throw badArguments(`${command} takes no "${rest.join(' ')}".`);
}
