import { Menu } from '@base-ui/react/menu';
import { useNavigate } from '@tanstack/react-router';
import {
  CalendarPlus,
  Ellipsis,
  FileVideo,
  FolderOpen,
  Link2,
  Pin,
  PinOff,
  Play,
  ShieldCheck,
  Trash2,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import type { LibraryEntry } from '../../protocol/recording-library.ts';
import { DEFAULT_RETENTION_DAYS, type UpdateRecordingRequest } from '../../protocol/recordings.ts';
import type { RecordingCopy } from '../../protocol/replicas.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { momentPath } from '../replay/moment-path.ts';
import { keptLonger } from '../replay/retention.ts';
import { buttonClass } from '../ui/Button.tsx';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { copyText } from '../ui/copy-text.ts';
import { byteSize } from '../ui/duration.ts';
import { explain } from '../ui/explain.ts';
import menuStyles from '../ui/Menu.module.css';
import { ExportDialog } from './ExportDialog.tsx';

export interface RowMenuProps {
  bridge: Bridge;
  entry: LibraryEntry;
  /** Its replay can be watched from this window. */
  watchable: boolean;
  /** On other nodes. */
  copies: readonly RecordingCopy[];
  onChanged: (entry: LibraryEntry) => void;
}

/** What its owner can do with a recording. */
export function RowMenu({ bridge, entry, watchable, copies, onChanged }: RowMenuProps) {
  const { recordingId, title, state, pinned, retainUntil, sizeBytes } = entry;
  const navigate = useNavigate();
  const [asking, setAsking] = useState<'export' | 'delete'>();
  const running = state === 'recording' || state === 'finalizing';

  async function attempt(work: () => Promise<void>) {
    try {
      await work();
    } catch (error) {
      toast.error(explain(error).message);
    }
  }
  const update = (change: UpdateRecordingRequest) =>
    attempt(async () => onChanged(await bridge.call('library.update', { recordingId, ...change })));
  const verify = () =>
    attempt(async () => {
      await bridge.call('library.verify', { recordingId });
    });
  const watch = () =>
    navigate({
      to: '/replay/$roomId',
      params: { roomId: entry.roomId },
      search: { recording: recordingId },
    });
  const whole = copies.find((copy) => copy.state === 'whole');
  const copyLink = (origin: string) =>
    attempt(async () => {
      await copyText(new URL(momentPath(entry.roomId, recordingId, 0), origin).href);
      toast('The link to the copy is copied. It works while your studio is off.');
    });
  const close = () => setAsking(undefined);

  return (
    <>
      <Menu.Root>
        <Menu.Trigger
          className={buttonClass({ variant: 'ghost', size: 'small', square: true })}
          aria-label={`What to do with ${title}`}
        >
          <Ellipsis size={18} aria-hidden="true" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner align="end" sideOffset={6} className={menuStyles.positioner}>
            <Menu.Popup className={menuStyles.popup}>
              {state === 'ready' && (
                <>
                  {watchable && (
                    <Item icon={<Play size={16} />} onClick={watch}>
                      Watch
                    </Item>
                  )}
                  {whole && (
                    <Item icon={<Link2 size={16} />} onClick={() => copyLink(whole.origin)}>
                      Copy link to the copy on {whole.nodeName}
                    </Item>
                  )}
                  <Item icon={<FileVideo size={16} />} onClick={() => setAsking('export')}>
                    Export…
                  </Item>
                  <Item icon={<ShieldCheck size={16} />} onClick={verify}>
                    Check every byte
                  </Item>
                  {!pinned && (
                    <Item
                      icon={<CalendarPlus size={16} />}
                      onClick={() => update({ retainUntil: keptLonger(retainUntil, Date.now()) })}
                    >
                      Keep {DEFAULT_RETENTION_DAYS} days more
                    </Item>
                  )}
                </>
              )}
              <Item
                icon={pinned ? <PinOff size={16} /> : <Pin size={16} />}
                onClick={() => update({ pinned: !pinned })}
              >
                {pinned ? 'Don’t keep for good' : 'Keep for good'}
              </Item>
              <Item
                icon={<FolderOpen size={16} />}
                onClick={() => attempt(() => bridge.call('library.showFolder', { recordingId }))}
              >
                Open recording folder
              </Item>
              <Item
                icon={<Trash2 size={16} />}
                disabled={running}
                onClick={() => setAsking('delete')}
              >
                Delete…
              </Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <ExportDialog
        bridge={bridge}
        entry={entry}
        open={asking === 'export'}
        onOpenChange={(open) => (open ? setAsking('export') : close())}
      />
      <ConfirmDialog
        open={asking === 'delete'}
        onOpenChange={(open) => (open ? setAsking('delete') : close())}
        title={`Delete “${title}”?`}
        description={`The recording is removed from your disk for good, which frees ${byteSize(sizeBytes)}. Its post stays and says so.`}
        confirm="Delete recording"
        cancel="Keep it"
        onConfirm={() => bridge.call('library.delete', { recordingId })}
      />
    </>
  );
}

function Item(props: {
  icon: ReactNode;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  const { icon, disabled = false, onClick, children } = props;
  return (
    <Menu.Item className={menuStyles.item} disabled={disabled} onClick={onClick}>
      {icon} <span>{children}</span>
    </Menu.Item>
  );
}
