import { EventEmitter } from 'node:events';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { nanoid } from 'nanoid';
import { ProtocolError } from '../../protocol/errors.ts';
import type {
  CreateProjectRequest,
  Project,
  ProjectMember,
  ProjectQuery,
  ProjectRole,
  UpdateProjectRequest,
} from '../../protocol/projects.ts';
import { type Clock, isoTime } from '../clock.ts';
import type { PostAuthor } from '../feed/stream-posts.ts';
import { inTransaction, migrate } from '../storage/database.ts';
import { PROJECT_STEPS } from './project-tables.ts';

/** Who asks; `undefined` when nobody is signed in. */
type Asking = { userId: string } | undefined;

/** What projects tell. */
export interface ProjectEvents {
  /** Somebody is no member any more, or the project became private: who is outside must go. */
  closed: [projectId: string];
}

const COLUMNS = `projects.*, owner.user_id AS owner_user_id, owner.handle AS owner_handle,
  owner.display_name AS owner_display_name,
  (SELECT COUNT(*) FROM project_members WHERE project_id = projects.project_id) AS member_count,
  (SELECT role FROM project_members WHERE project_id = projects.project_id AND user_id = :asking)
    AS asking_role`;
const FROM = `projects JOIN project_members AS owner
  ON owner.project_id = projects.project_id AND owner.role = 'owner'`;
/** The same rule as the feed's `VISIBLE_TO` has for a project's posts. */
const SEEN = `(projects.visibility = 'public' OR asking_role IS NOT NULL)`;

const RANK: Record<ProjectRole, number> = { member: 0, steward: 1, owner: 2 };

/** Pages of their own with a feed, and who is what in them. */
export class Projects extends EventEmitter<ProjectEvents> {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;

  constructor(options: { db: DatabaseSync; clock: Clock }) {
    super();
    this.#db = options.db;
    this.#clock = options.clock;
    migrate(this.#db, 'projects', PROJECT_STEPS);
  }

  create(owner: PostAuthor, request: CreateProjectRequest): Project {
    const { name, description = '', visibility = 'public' } = request;
    const projectId = `proj_${nanoid(16)}`;
    inTransaction(this.#db, () => {
      this.#db
        .prepare(
          `INSERT INTO projects (project_id, name, description, visibility, created_at)
           VALUES (?, ?, ?, ?, ?)`,
        )
        .run(projectId, name, description, visibility, isoTime(this.#clock()));
      this.add(projectId, owner, 'owner');
    });
    return this.get(projectId, owner);
  }

  /** What the caller may see, newest first. Throws `validation-failed` for a bad cursor. */
  list(asking: Asking, query: ProjectQuery): { projects: Project[]; nextCursor?: string } {
    const before = query.cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(query.cursor);
    if (!Number.isSafeInteger(before) || before < 0) throw badCursor();
    const rows = this.#db
      .prepare(
        `SELECT ${COLUMNS} FROM ${FROM} WHERE projects.seq < :before AND ${SEEN}
         ORDER BY projects.seq DESC LIMIT :count`,
      )
      .all({ asking: asking?.userId ?? '', before, count: query.limit + 1 });
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    return {
      projects: shown.map(projectOf),
      ...(rows.length > query.limit && last && { nextCursor: String(last.seq) }),
    };
  }

  /** Throws `project-not-found`, also for what the caller may not see. */
  get(projectId: string, asking: Asking): Project {
    const project = this.find(projectId, asking);
    if (project && (project.visibility === 'public' || project.role)) return project;
    throw new ProtocolError(
      'project-not-found',
      'There is no such project on this node, or it is for its members alone.',
    );
  }

  /** A project, whoever may see it. */
  find(projectId: string, asking: Asking): Project | undefined {
    const row = this.#db
      .prepare(`SELECT ${COLUMNS} FROM ${FROM} WHERE projects.project_id = :projectId`)
      .get({ projectId, asking: asking?.userId ?? '' });
    return row && projectOf(row);
  }

  /**
   * Throws `project-not-found` as {@link get} does, and `forbidden` for who is less than this in
   * it.
   */
  require(projectId: string, userId: string, least: ProjectRole): Project {
    const project = this.get(projectId, { userId });
    if (project.role && RANK[project.role] >= RANK[least]) return project;
    throw new ProtocolError('forbidden', REFUSALS[least]);
  }

  roleOf(projectId: string, userId: string): ProjectRole | undefined {
    const row = this.#db
      .prepare('SELECT role FROM project_members WHERE project_id = ? AND user_id = ?')
      .get(projectId, userId);
    return row && (String(row.role) as ProjectRole);
  }

  /** Who alone may learn anything of a private project; `undefined` for one that is public. */
  insidersOf(projectId: string): ReadonlySet<string> | undefined {
    const row = this.#db
      .prepare('SELECT visibility FROM projects WHERE project_id = ?')
      .get(projectId);
    if (row?.visibility === 'public') return undefined;
    const rows = this.#db
      .prepare('SELECT user_id FROM project_members WHERE project_id = ?')
      .all(projectId);
    return new Set(rows.map(({ user_id }) => String(user_id)));
  }

  /** The owner first, then stewards, then members, each in the order in which they came. */
  members(projectId: string): ProjectMember[] {
    return this.#db
      .prepare('SELECT * FROM project_members WHERE project_id = ? ORDER BY since, user_id')
      .all(projectId)
      .map(memberOf)
      .sort((a, b) => RANK[b.role] - RANK[a.role]);
  }

  /** Makes somebody a member; who is one already stays what they are. */
  add(projectId: string, member: PostAuthor, role: ProjectRole): void {
    this.#db
      .prepare(
        `INSERT INTO project_members (project_id, user_id, handle, display_name, role, since)
         VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      )
      .run(
        ...[projectId, member.userId, member.handle, member.displayName],
        ...[role, isoTime(this.#clock())],
      );
  }

  /** By the owner alone. Throws `project-not-found`, `forbidden`. */
  update(projectId: string, userId: string, change: UpdateProjectRequest): Project {
    const before = this.require(projectId, userId, 'owner');
    const next = {
      name: change.name ?? before.name,
      description: change.description ?? before.description,
      visibility: change.visibility ?? before.visibility,
    };
    this.#db
      .prepare('UPDATE projects SET name = ?, description = ?, visibility = ? WHERE project_id = ?')
      .run(next.name, next.description, next.visibility, projectId);
    if (next.visibility === 'private') this.emit('closed', projectId);
    return this.get(projectId, { userId });
  }

  /**
   * Makes a member something else, by the owner alone; as `owner` hands the project over. Throws
   * `project-not-found`, `forbidden`, `not-found` for somebody who is no member.
   */
  setRole(projectId: string, ownerId: string, userId: string, role: ProjectRole): ProjectMember[] {
    this.require(projectId, ownerId, 'owner');
    this.#requireMember(projectId, userId);
    if (userId === ownerId) {
      if (role === 'owner') return this.members(projectId);
      throw new ProtocolError(
        'forbidden',
        'A project has an owner. Make somebody else its owner first.',
      );
    }
    inTransaction(this.#db, () => {
      if (role === 'owner') this.#setRole(projectId, ownerId, 'steward');
      this.#setRole(projectId, userId, role);
    });
    return this.members(projectId);
  }

  /**
   * Takes a member out: oneself, or as a steward a member, or as the owner anybody else. Throws
   * `project-not-found`, `forbidden`, `not-found`.
   */
  remove(projectId: string, actorId: string, userId: string): void {
    const actor = this.require(projectId, actorId, 'member').role ?? 'member';
    const target = this.#requireMember(projectId, userId);
    if (target === 'owner') {
      throw new ProtocolError(
        'forbidden',
        'The owner can’t go. Make somebody else the owner first, or delete the project.',
      );
    }
    if (actorId !== userId && RANK[actor] <= RANK[target]) {
      throw new ProtocolError('forbidden', 'Only who is more than they are can take them out.');
    }
    this.#db
      .prepare('DELETE FROM project_members WHERE project_id = ? AND user_id = ?')
      .run(projectId, userId);
    this.emit('closed', projectId);
  }

  /**
   * Deletes an empty project, by the owner alone. Throws `project-not-found`, `forbidden`, and
   * `project-not-empty` while it has posts.
   */
  delete(projectId: string, userId: string, hasPosts: boolean): void {
    this.require(projectId, userId, 'owner');
    if (hasPosts) {
      throw new ProtocolError(
        'project-not-empty',
        'There are posts in this project. Delete them first, or make the project private.',
      );
    }
    inTransaction(this.#db, () => {
      for (const table of ['project_invitations', 'project_members', 'projects'] as const) {
        this.#db.prepare(`DELETE FROM ${table} WHERE project_id = ?`).run(projectId);
      }
    });
    this.emit('closed', projectId);
  }

  /** Carries a member's new name to the projects they are in. */
  rename(member: PostAuthor): void {
    this.#db
      .prepare('UPDATE project_members SET handle = ?, display_name = ? WHERE user_id = ?')
      .run(member.handle, member.displayName, member.userId);
  }

  #setRole(projectId: string, userId: string, role: ProjectRole): void {
    this.#db
      .prepare('UPDATE project_members SET role = ? WHERE project_id = ? AND user_id = ?')
      .run(role, projectId, userId);
  }

  #requireMember(projectId: string, userId: string): ProjectRole {
    const role = this.roleOf(projectId, userId);
    if (role) return role;
    throw new ProtocolError('not-found', 'They are no member of this project.');
  }
}

const REFUSALS: Record<ProjectRole, string> = {
  owner: 'Only the owner of this project decides that.',
  steward: 'Only the owner and the stewards of this project decide that.',
  member: 'Only members of this project can do that. Ask its owner or a steward to let you in.',
};

function projectOf(row: Record<string, SQLOutputValue>): Project {
  return {
    projectId: String(row.project_id),
    name: String(row.name),
    description: String(row.description),
    visibility: String(row.visibility) as Project['visibility'],
    owner: {
      userId: String(row.owner_user_id),
      handle: String(row.owner_handle),
      displayName: String(row.owner_display_name),
    },
    createdAt: String(row.created_at),
    memberCount: Number(row.member_count),
    ...(row.asking_role !== null && { role: String(row.asking_role) as ProjectRole }),
  };
}

function memberOf(row: Record<string, SQLOutputValue>): ProjectMember {
  return {
    userId: String(row.user_id),
    handle: String(row.handle),
    displayName: String(row.display_name),
    role: String(row.role) as ProjectRole,
    since: String(row.since),
  };
}

function badCursor(): ProtocolError {
  return new ProtocolError('validation-failed', 'This is no cursor of a list of projects.', [
    { path: 'cursor', message: 'must be one that a list gave' },
  ]);
}
