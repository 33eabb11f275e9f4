import { FolderOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import type { StudioInfo } from '../../preload/contract.ts';
import { homeOf } from '../home/place-words.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { explain } from '../ui/explain.ts';
import styles from './AboutDialog.module.css';
import { useStudio } from './studio-context.ts';

const HOST: Record<StudioInfo['host'], string> = {
  electron: 'Desktop app (Electron)',
  browser: 'In a browser window, served by Node',
};

const SECRETS: Record<StudioInfo['secretStore'], string> = {
  keychain: 'Encrypted by the system’s key ring',
  file: 'In a file in the data folder that only you can read',
};

const ENVIRONMENT: Record<StudioInfo['environment'], string> = {
  internal: 'Internal: everything, for its makers',
  beta: 'Beta: what is about to be ready',
  general: 'General: what is ready for everybody',
};

export interface AboutDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** What runs here, where it keeps things, and what is missing. */
export function AboutDialog({ open, onOpenChange }: AboutDialogProps) {
  const { bridge, info } = useStudio();
  if (!bridge || !info) return null;

  const openFolder = () =>
    bridge
      .call('studio.showDataFolder', undefined)
      .catch((error: unknown) => toast.error(explain(error).message));

  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="About this studio">
      <dl className={styles.facts}>
        <Fact name="Version">{info.version}</Fact>
        <Fact name="Runs as">{HOST[info.host]}</Fact>
        <Fact name="Data folder">
          <span className={styles.path}>{info.dataDir}</span>
          <Button size="small" icon={<FolderOpen size={16} />} onClick={openFolder}>
            Open
          </Button>
        </Fact>
        <Fact name="Your key">{SECRETS[info.secretStore]}</Fact>
        <Fact name="Recording">
          {info.ffmpegPath ? (
            <span className={styles.path}>Ready, with {info.ffmpegPath}</span>
          ) : (
            (info.ffmpegProblem ?? 'Not available here')
          )}
        </Fact>
        <Fact name="Home">{homeOf(info.place).name}</Fact>
        <Fact name="Rendezvous">
          <span className={styles.path}>{info.rendezvousUrl}</span>
        </Fact>
        <Fact name="Features">{ENVIRONMENT[info.environment]}</Fact>
      </dl>
    </Dialog>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
