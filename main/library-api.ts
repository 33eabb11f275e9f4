import { dirname } from 'node:path';
import type { MethodName, StudioApi } from '../preload/contract.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Host } from './hosts/host.ts';
import type { LibraryService } from './recording/library/library-service.ts';
import type { Settings } from './settings/settings.ts';

export type LibraryApi = Pick<StudioApi, Extract<MethodName, `library.${string}`>>;

/** What the window may ask of the recording library, see `preload/contract.ts`. */
export function createLibraryApi(services: {
  host: Host;
  library: LibraryService;
  settings: Settings;
}): LibraryApi {
  const { host, library, settings } = services;
  return {
    'library.list': async (query) => library.list(query),
    'library.overview': () => library.overview(),
    'library.preview': async ({ quotaGb }) => library.preview(quotaGb),
    'library.limit': ({ quotaGb, retentionDays }) => {
      settings.set('recordingsQuotaGb', quotaGb ?? 0);
      settings.set('retentionDays', retentionDays);
      return library.overview();
    },
    'library.jobs': async () => library.jobs(),
    'library.verify': async ({ recordingId }) => library.verify(recordingId),
    'library.export': async ({ recordingId, format, folder }) => {
      const job = library.export(recordingId, format, folder);
      settings.set('exportFolder', folder);
      return job;
    },
    'library.exportTracks': async ({ recordingId, pictures, folder }) => {
      const job = await library.exportTracks(recordingId, pictures, folder);
      settings.set('exportFolder', folder);
      return job;
    },
    'library.cancel': async ({ jobId }) => library.cancel(jobId),
    'library.update': async ({ recordingId, ...change }) => library.update(recordingId, change),
    'library.delete': ({ recordingId }) => library.delete(recordingId),
    'library.showFolder': async ({ recordingId }) => {
      const folder = await library.plainFolder(recordingId);
      if (folder !== undefined) await host.openFolder(folder);
    },
    'library.showExport': ({ jobId }) => {
      const path = library.jobs().find((job) => job.jobId === jobId)?.path;
      if (path) return host.openFolder(dirname(path));
      throw new ProtocolError('not-found', 'This export is not known any more. Export again.');
    },
  };
}
