import type { RefObject } from 'react';
import type { StreamSummary } from '../../../protocol/summaries.ts';
import type { NodeFiles } from '../node-files.ts';
import { languageName } from './language-name.ts';
import { useCaptionsUrl } from './use-captions-url.ts';
import { useStoryboardUrl } from './use-storyboard-url.ts';

export interface RecordingTracksProps {
  video: RefObject<HTMLVideoElement | null>;
  /** The recording's; `undefined` while it is made. */
  files: NodeFiles | undefined;
  /** What was said, where that is known. */
  summary: StreamSummary | undefined;
}

/** Captions of a replay, and pictures for its scrubber. */
export function RecordingTracks({ video, files, summary }: RecordingTracksProps) {
  const storyboardUrl = useStoryboardUrl(video, files);
  const captionsUrl = useCaptionsUrl(files, summary?.hasTranscript ? summary.summaryId : undefined);
  return (
    <>
      {storyboardUrl !== undefined && (
        // media-chrome finds it by this label.
        <track key={storyboardUrl} kind="metadata" label="thumbnails" src={storyboardUrl} default />
      )}
      {captionsUrl !== undefined && summary && (
        <track
          key={captionsUrl}
          kind="captions"
          label={languageName(summary.language)}
          srcLang={summary.language}
          src={captionsUrl}
        />
      )}
    </>
  );
}
