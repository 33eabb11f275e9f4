import { Link2, UserPlus } from 'lucide-react';
import { type FormEvent, useCallback, useState } from 'react';
import { toast } from 'sonner';
import { Handle } from '../../protocol/identity.ts';
import type {
  Project,
  ProjectInvitation,
  ProjectInvitationsRequest,
} from '../../protocol/projects.ts';
import { useStudio } from '../app/studio-context.ts';
import { useShareLink } from '../reach/use-share-link.ts';
import { Button } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { ChoiceField } from '../ui/ChoiceField.tsx';
import { copyText } from '../ui/copy-text.ts';
import { explain } from '../ui/explain.ts';
import { RelativeTime } from '../ui/RelativeTime.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useLoad } from '../ui/use-load.ts';
import styles from './MembersDialog.module.css';

const STATES: Record<ProjectInvitation['state'], string> = {
  pending: 'Open',
  used: 'Used',
  expired: 'Expired',
  revoked: 'Taken back',
};

type InvitedRole = ProjectInvitation['role'];

/** Inviting by name or by link, and the invitations there are. */
export function ProjectInvitations({ project }: { project: Project }) {
  const { api } = useStudio();
  const share = useShareLink();
  const { projectId } = project;
  const load = useCallback(
    async () => (await api.projectInvitations(projectId, {})).invitations,
    [api, projectId],
  );
  const { state, set } = useLoad(load);
  const [role, setRole] = useState<InvitedRole>('member');
  const [handle, setHandle] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function change(request: ProjectInvitationsRequest): Promise<string | undefined> {
    setBusy(true);
    try {
      const { invitations, link } = await api.projectInvitations(projectId, request);
      set(invitations);
      return link;
    } finally {
      setBusy(false);
    }
  }

  async function invite(event: FormEvent) {
    event.preventDefault();
    const name = Handle.safeParse(handle.trim().replace(/^@/, ''));
    if (!name.success) {
      setProblem('Write the handle of somebody on this node, e.g. @ada.');
      return;
    }
    try {
      await change({ invitees: [{ handle: name.data, role }] });
      setHandle('');
      toast(`@${name.data} finds the invitation among their projects.`);
    } catch (error) {
      setProblem(explain(error).message);
    }
  }

  async function copyLink() {
    try {
      const link = await change({ link: { role } });
      if (link === undefined) return;
      await copyText(share(link));
      toast('The link is copied. It is good for 7 days, and shown only now.');
    } catch (error) {
      toast.error(explain(error).message);
    }
  }

  async function revoke(invitationId: string) {
    try {
      await change({ revoke: [invitationId] });
    } catch (error) {
      toast.error(explain(error).message);
    }
  }

  const pending = state.status === 'ready' ? state.value : [];
  return (
    <section className={styles.invitations} aria-label="Invitations">
      <h3 className={styles.heading}>Invite</h3>
      {project.role === 'owner' && (
        <ChoiceField<InvitedRole>
          legend="As"
          value={role}
          onChange={setRole}
          options={[
            { value: 'member', label: 'Member' },
            { value: 'steward', label: 'Steward' },
          ]}
        />
      )}
      <form className={styles.invite} onSubmit={invite} noValidate>
        <TextField
          label="Handle"
          prefix="@"
          value={handle}
          problem={problem}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setHandle(event.target.value);
            setProblem(undefined);
          }}
        />
        <Button type="submit" busy={busy} icon={<UserPlus size={18} aria-hidden="true" />}>
          Invite
        </Button>
      </form>
      <Button icon={<Link2 size={18} aria-hidden="true" />} onClick={copyLink}>
        Copy an invite link
      </Button>
      {pending.length > 0 && (
        <ul className={styles.list} aria-label="Invitations made">
          {pending.map((invitation) => (
            <li key={invitation.invitationId} className={styles.row}>
              <span className={styles.words}>
                <span className={styles.name}>
                  {invitation.handle === undefined ? 'Link' : `@${invitation.handle}`}
                </span>
                <span className={styles.handle}>
                  {invitation.role}, <RelativeTime at={invitation.createdAt} />
                  {invitation.handle === undefined && `, used ${invitation.uses} times`}
                </span>
              </span>
              <Chip tone={invitation.state === 'pending' ? 'accent' : 'neutral'}>
                {STATES[invitation.state]}
              </Chip>
              {invitation.state === 'pending' && (
                <Button
                  variant="ghost"
                  size="small"
                  onClick={() => revoke(invitation.invitationId)}
                >
                  Take back
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
