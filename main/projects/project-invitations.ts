import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { nanoid } from 'nanoid';
import { ProtocolError } from '../../protocol/errors.ts';
import type {
  JoinProjectRequest,
  Project,
  ProjectInvitation,
  ProjectInvitationsRequest,
} from '../../protocol/projects.ts';
import { type Clock, isoTime } from '../clock.ts';
import type { PostAuthor } from '../feed/stream-posts.ts';
import type { Members } from '../identity/members.ts';
import { inTransaction } from '../storage/database.ts';
import type { Projects } from './projects.ts';

const DAY_MS = 24 * 3_600_000;
/** How long an invitation by name is good. */
const NAMED_LIFETIME_MS = 90 * DAY_MS;
/** Open invitations of one project. */
const MOST_PENDING = 500;
/** Of invitations that are shown. */
const MOST_SHOWN = 200;

type Row = Record<string, SQLOutputValue>;
type InvitedRole = ProjectInvitation['role'];

/** Ways into projects: by name, and by links of which only a hash is kept. */
export class ProjectInvitations {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #projects: Projects;
  readonly #members: Pick<Members, 'byHandle'>;

  constructor(options: {
    db: DatabaseSync;
    clock: Clock;
    projects: Projects;
    members: Pick<Members, 'byHandle'>;
  }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#projects = options.projects;
    this.#members = options.members;
  }

  /**
   * Invites and takes back, all or nothing; by stewards and the owner, who alone makes stewards.
   * Answers the new link's token, where one was asked for.
   * @throws `project-not-found`, `forbidden`, `not-found` for an unknown handle,
   *   `invite-not-found`, `rate-limited`
   */
  change(
    projectId: string,
    actorId: string,
    request: ProjectInvitationsRequest,
  ): string | undefined {
    const { invitees = [], link, revoke = [] } = request;
    const project = this.#projects.require(projectId, actorId, 'steward');
    const roles = [...invitees, ...(link ? [link] : [])].map(({ role }) => role ?? 'member');
    if (roles.includes('steward') && project.role !== 'owner') {
      throw new ProtocolError('forbidden', 'Only the owner of this project makes stewards.');
    }
    return inTransaction(this.#db, () => {
      for (const invitationId of revoke) this.#revoke(projectId, invitationId);
      for (const { handle, role = 'member' } of invitees) this.#invite(projectId, handle, role);
      const token = link && randomBytes(32).toString('base64url');
      if (link && token) {
        this.#insert(projectId, link.role ?? 'member', {
          token_hash: hashOf(token),
          max_uses: link.maxUses ?? null,
          expires_at: this.#clock() + (link.lifetimeDays ?? 7) * DAY_MS,
        });
      }
      this.#requireFew(projectId);
      return token;
    });
  }

  /** Newest first. */
  list(projectId: string): ProjectInvitation[] {
    return this.#db
      .prepare('SELECT * FROM project_invitations WHERE project_id = ? ORDER BY seq DESC LIMIT ?')
      .all(projectId, MOST_SHOWN)
      .map((row) => this.#view(row));
  }

  /** Projects that somebody is invited to by name and is not in yet. */
  invitedTo(userId: string): (Project & { invitedAs: InvitedRole })[] {
    return this.#db
      .prepare('SELECT * FROM project_invitations WHERE user_id = ? ORDER BY seq DESC')
      .all(userId)
      .filter((row) => this.#stateOf(row) === 'pending')
      .flatMap((row) => {
        const project = this.#projects.find(String(row.project_id), { userId });
        if (!project || project.role) return [];
        return [{ ...project, invitedAs: String(row.role) as InvitedRole }];
      });
  }

  /**
   * The project an invitation leads to, before it is accepted. Throws as {@link accept}, and uses
   * nothing up.
   */
  look(projectId: string, userId: string, token: string | undefined): Project {
    const project = this.#projects.find(projectId, { userId });
    if (project?.role) return project;
    this.#usable(projectId, userId, token);
    return project ?? this.#projects.get(projectId, { userId });
  }

  /**
   * Makes somebody a member by an invitation; who is one already uses nothing up.
   * @throws `project-not-found`, `invite-invalid`, `invite-expired`, `invite-revoked`,
   *   `invite-used`, `invite-required`
   */
  accept(projectId: string, member: PostAuthor, { token }: JoinProjectRequest): Project {
    return inTransaction(this.#db, () => {
      if (this.#projects.roleOf(projectId, member.userId) === undefined) {
        const invitation = this.#usable(projectId, member.userId, token);
        this.#db
          .prepare('UPDATE project_invitations SET uses = uses + 1 WHERE seq = ?')
          .run(Number(invitation.seq));
        this.#projects.add(projectId, member, String(invitation.role) as InvitedRole);
      }
      return this.#projects.get(projectId, member);
    });
  }

  /** Somebody does not want to come. Nothing happens where there is no invitation. */
  decline(projectId: string, userId: string): void {
    this.#db
      .prepare('UPDATE project_invitations SET revoked = 1 WHERE project_id = ? AND user_id = ?')
      .run(projectId, userId);
  }

  #usable(projectId: string, userId: string, token: string | undefined): Row {
    const row =
      token === undefined
        ? this.#db
            .prepare(
              `SELECT * FROM project_invitations WHERE project_id = ? AND user_id = ?
               ORDER BY revoked, seq DESC LIMIT 1`,
            )
            .get(projectId, userId)
        : this.#db
            .prepare('SELECT * FROM project_invitations WHERE project_id = ? AND token_hash = ?')
            .get(projectId, hashOf(token));
    if (!row) throw token === undefined ? notInvited() : invalid();
    const state = this.#stateOf(row);
    if (state !== 'pending') throw new ProtocolError(`invite-${state}`, REFUSALS[state]);
    return row;
  }

  #invite(projectId: string, handle: string, role: InvitedRole): void {
    const invitee = this.#members.byHandle(handle);
    if (!invitee) {
      throw new ProtocolError(
        'not-found',
        `Nobody on this node has the handle “${handle}”. Send them a link instead.`,
        [{ path: 'invitees', message: `nobody is called ${handle}` }],
      );
    }
    // One at a time: the newest says what they are invited as.
    this.decline(projectId, invitee.userId);
    this.#insert(projectId, role, {
      user_id: invitee.userId,
      handle,
      max_uses: 1,
      expires_at: this.#clock() + NAMED_LIFETIME_MS,
    });
  }

  #insert(projectId: string, role: InvitedRole, columns: Record<string, string | number | null>) {
    const all = {
      invitation_id: `pinv_${nanoid(16)}`,
      project_id: projectId,
      role,
      created_at: isoTime(this.#clock()),
      ...columns,
    };
    const names = Object.keys(all);
    this.#db
      .prepare(
        `INSERT INTO project_invitations (${names.join(', ')})
         VALUES (${names.map((name) => `:${name}`).join(', ')})`,
      )
      .run(all);
  }

  #revoke(projectId: string, invitationId: string): void {
    const { changes } = this.#db
      .prepare(
        'UPDATE project_invitations SET revoked = 1 WHERE project_id = ? AND invitation_id = ?',
      )
      .run(projectId, invitationId);
    if (changes > 0) return;
    throw new ProtocolError('invite-not-found', 'There is no such invitation to this project.');
  }

  #requireFew(projectId: string): void {
    const pending = this.#db
      .prepare('SELECT * FROM project_invitations WHERE project_id = ? AND revoked = 0')
      .all(projectId)
      .filter((row) => this.#stateOf(row) === 'pending');
    if (pending.length <= MOST_PENDING) return;
    throw new ProtocolError(
      'rate-limited',
      `A project has ${MOST_PENDING} open invitations at most. Take some back first.`,
    );
  }

  #stateOf(row: Row): ProjectInvitation['state'] {
    if (row.revoked === 1) return 'revoked';
    if (row.max_uses !== null && Number(row.uses) >= Number(row.max_uses)) return 'used';
    return this.#clock() >= Number(row.expires_at) ? 'expired' : 'pending';
  }

  #view(row: Row): ProjectInvitation {
    return {
      invitationId: String(row.invitation_id),
      role: String(row.role) as InvitedRole,
      ...(row.handle !== null && { handle: String(row.handle) }),
      state: this.#stateOf(row),
      uses: Number(row.uses),
      ...(row.max_uses !== null && { maxUses: Number(row.max_uses) }),
      expiresAt: isoTime(Number(row.expires_at)),
      createdAt: String(row.created_at),
    };
  }
}

const REFUSALS = {
  revoked: 'This invitation was taken back. Ask for a new one if that was a mistake.',
  expired: 'This invitation has expired. Ask for a new one.',
  used: 'This invitation has been used up. Ask for your own.',
} as const;

function invalid(): ProtocolError {
  return new ProtocolError(
    'invite-invalid',
    'This is no invitation to this project. Check that the link was copied whole.',
  );
}

function notInvited(): ProtocolError {
  return new ProtocolError(
    'invite-required',
    'You are not invited to this project. Ask its owner or a steward for an invitation.',
  );
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
