import { Download } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';

/** Saves a replay as a plain MP4, which the host's studio makes first. */
export function DownloadButton({ recordingId }: { recordingId: string }) {
  const { api } = useStudio();
  const [busy, setBusy] = useState(false);

  async function download() {
    setBusy(true);
    try {
      const { url } = await api.prepareDownload(recordingId);
      const link = document.createElement('a');
      link.href = `${api.baseUrl}${url}`;
      // Where the node is of another origin the name comes with the file.
      link.download = '';
      link.click();
    } catch (error) {
      toast.error(explain(error).message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Button busy={busy} icon={<Download size={18} aria-hidden="true" />} onClick={download}>
      Download
    </Button>
  );
}
