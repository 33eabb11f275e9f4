import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { type Device, listDevices, onDevicesChanged } from '../../media/devices.ts';
import { deviceIdOf, switchDevices } from '../../media/switch-device.ts';
import { useStreamingActions, useStreamingState } from '../../rooms/streaming-context.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { explain } from '../../ui/explain.ts';
import styles from '../../ui/Form.module.css';
import { InlineProblem } from '../../ui/InlineProblem.tsx';
import { DeviceList } from './DeviceList.tsx';

const FORM = 'devices';

/** Another camera or microphone while in the room; the recording goes on with it. */
export function DevicesDialog({ onClose }: { onClose: () => void }) {
  const { setLocalStream, setMuted } = useStreamingActions();
  const self = useStreamingState((state) => state.self);
  const stream = self?.stream;
  const { devices, problem: listProblem } = useDevices();
  const inUse = { camera: deviceIdOf(stream, 'video'), microphone: deviceIdOf(stream, 'audio') };
  const [chosen, setChosen] = useState<{ camera?: string; microphone?: string }>({});
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const camera = chosen.camera === inUse.camera ? undefined : chosen.camera;
      const microphone = chosen.microphone === inUse.microphone ? undefined : chosen.microphone;
      setLocalStream(await switchDevices(stream, { camera, microphone }));
      // Whoever replaces a lost device wants to be seen or heard again.
      if (self?.lost?.video && camera !== undefined) await setMuted('video', false);
      if (self?.lost?.audio && microphone !== undefined) await setMuted('audio', false);
      onClose();
    } catch (error) {
      setProblem(explain(error).message);
      setBusy(false);
    }
  }

  const nothingChosen = chosen.camera === undefined && chosen.microphone === undefined;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Camera and microphone"
      description="The others, and a recording, go on with what you choose."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={FORM} busy={busy} disabled={nothingChosen}>
            Use these
          </Button>
        </>
      }
    >
      <form id={FORM} className={styles.form} onSubmit={submit}>
        <DeviceList
          legend="Camera"
          devices={devices.filter(({ kind }) => kind === 'camera')}
          value={chosen.camera ?? inUse.camera ?? ''}
          onChange={(camera) => setChosen((former) => ({ ...former, camera }))}
        />
        <DeviceList
          legend="Microphone"
          devices={devices.filter(({ kind }) => kind === 'microphone')}
          value={chosen.microphone ?? inUse.microphone ?? ''}
          onChange={(microphone) => setChosen((former) => ({ ...former, microphone }))}
        />
        {(problem ?? listProblem) && <InlineProblem message={problem ?? listProblem ?? ''} />}
      </form>
    </Dialog>
  );
}

/** What is plugged in, followed while the dialog is open. */
function useDevices(): { devices: readonly Device[]; problem: string | undefined } {
  const [devices, setDevices] = useState<readonly Device[]>([]);
  const [problem, setProblem] = useState<string>();
  const look = useCallback(() => {
    listDevices().then(setDevices, (error: unknown) => setProblem(explain(error).message));
  }, []);
  useEffect(() => {
    look();
    return onDevicesChanged(look);
  }, [look]);
  return { devices, problem };
}
