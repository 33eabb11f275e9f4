import { useNavigate } from '@tanstack/react-router';
import { Globe, Lock, Users } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { DEFAULT_RETENTION_DAYS } from '../../protocol/recordings.ts';
import type { Visibility } from '../../protocol/rooms.ts';
import { useStudio } from '../app/studio-context.ts';
import { DevicePreviewPanel } from '../lobby/DevicePreviewPanel.tsx';
import { useDevicePreview } from '../lobby/use-device-preview.ts';
import { useStreamingActions } from '../rooms/streaming-context.tsx';
import { chooseSeparateTracks, separateTracksChosen } from '../tracks/separate-tracks-choice.ts';
import { explain } from '../ui/explain.ts';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { type RadioCard, RadioCards } from '../ui/RadioCards.tsx';
import { SwitchField } from '../ui/SwitchField.tsx';
import { TextField } from '../ui/TextField.tsx';
import { LaunchContextLine } from './LaunchContextLine.tsx';
import styles from './LaunchForm.module.css';
import { launchRequest } from './launch-form.ts';

const VISIBILITIES: readonly RadioCard<Visibility>[] = [
  {
    value: 'public',
    label: 'Public',
    description: 'Anybody who finds the room may come in.',
    icon: <Globe size={16} aria-hidden="true" />,
  },
  {
    value: 'followers',
    label: 'Followers',
    description: 'Members of this node may come in. Guests need an invite link.',
    icon: <Users size={16} aria-hidden="true" />,
  },
  {
    value: 'invite-only',
    label: 'Invite only',
    description: 'Only people with an invite link may come in, or see the replay.',
    icon: <Lock size={16} aria-hidden="true" />,
  },
];

export interface LaunchFormProps {
  /** The form's id, so that a button elsewhere can submit it. */
  id: string;
  projectId: string | undefined;
  busy: boolean;
  onBusy: (busy: boolean) => void;
  onStarted: () => void;
}

export function LaunchForm({ id, projectId, busy, onBusy, onStarted }: LaunchFormProps) {
  const { member, features, prerequisites } = useStudio();
  const { launch, prepare } = useStreamingActions();
  const navigate = useNavigate();
  const preview = useDevicePreview();
  const [title, setTitle] = useState(() => `Live with ${member?.displayName ?? 'me'}`);
  const [visibility, setVisibility] = useState<Visibility>('public');
  const [record, setRecord] = useState(false);
  const [separateTracks, setSeparateTracks] = useState(separateTracksChosen);
  const [encrypted, setEncrypted] = useState(false);
  const [titleProblem, setTitleProblem] = useState<string>();
  const [refusal, setRefusal] = useState<string>();
  useEffect(() => void prepare(), [prepare]);
  const missing = prerequisites.filter((prerequisite) => !prerequisite.ok);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const draft = launchRequest({ title, visibility, record, encrypted, projectId });
    setTitleProblem(draft.ok ? undefined : draft.titleProblem);
    setRefusal(undefined);
    if (!draft.ok || busy) return;
    onBusy(true);
    await preview.settled();
    const stream = preview.take();
    try {
      const room = await launch(draft.request, stream);
      onStarted();
      await navigate({ to: '/room/$roomId', params: { roomId: room.roomId } });
    } catch (error) {
      preview.giveBack(stream);
      setRefusal(explain(error).message);
    } finally {
      onBusy(false);
    }
  }

  return (
    <form id={id} className={styles.form} onSubmit={submit} noValidate>
      <div className={styles.column}>
        <DevicePreviewPanel preview={preview} name={member?.displayName ?? ''} />
        <TextField
          label="Title"
          maxLength={120}
          value={title}
          problem={titleProblem}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setTitle(event.target.value)}
        />
        <LaunchContextLine projectId={projectId} />
        {missing.length > 0 && (
          <section className={styles.missing} aria-label="What is missing here">
            <h3>What is missing here</h3>
            <ul>
              {missing.map((prerequisite) => (
                <li key={prerequisite.id}>{prerequisite.sentence}</li>
              ))}
            </ul>
          </section>
        )}
      </div>
      <div className={styles.column}>
        <RadioCards
          legend="Visibility"
          value={visibility}
          options={VISIBILITIES}
          onChange={setVisibility}
        />
        <SwitchField
          label="Record this room"
          description={
            features.recording.offered
              ? `Kept ${DEFAULT_RETENTION_DAYS} days on your own disk, unless you change that. Everybody in the room sees that it is on.`
              : features.recording.why
          }
          checked={record}
          disabled={!features.recording.offered}
          onChange={setRecord}
        />
        <SwitchField
          label="Separate tracks"
          description="Recordings also keep each person’s sound and picture apart, for editing. Takes about twice the space, and more of this computer."
          checked={separateTracks}
          disabled={!features.recording.offered}
          onChange={(on) => {
            chooseSeparateTracks(on);
            setSeparateTracks(on);
          }}
        />
        <SwitchField
          label="End-to-end encrypted"
          description={
            features.encryption.offered
              ? 'Sound and pictures are encrypted once more, with keys that only the people in the room have. The key changes whenever somebody leaves.'
              : features.encryption.why
          }
          checked={encrypted}
          disabled={!features.encryption.offered}
          onChange={setEncrypted}
        />
        {refusal && <InlineProblem message={refusal} />}
      </div>
    </form>
  );
}
